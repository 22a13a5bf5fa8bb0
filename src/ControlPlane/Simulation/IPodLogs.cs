using Fleet.ControlPlane.Machinery;
using Fleet.Kubernetes.Objects;

namespace Fleet.ControlPlane.Simulation;

/// <summary>What a simulated pod's containers have printed, made up from the pod's own state when asked for.</summary>
public interface IPodLogs
{
    /// <summary>
    /// Lines with their times, oldest first. A null container means the only one, or the first where there are several.
    /// Throws <see cref="Fleet.Kubernetes.Resources.KubeApiException"/> (404, or 400 while the container waits) as a kubelet's refusal is passed on.
    /// </summary>
    IReadOnlyList<PodLogLine> Read(IClusterApi cluster, ObjectKey pod, string? container = null, bool previous = false);
}

/// <summary>One line of a container's log, without its line end.</summary>
public readonly record struct PodLogLine(DateTimeOffset Time, string Text);
