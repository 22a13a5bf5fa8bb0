using Fleet.Contracts;
using Fleet.Control.Durations;
using Fleet.Kubernetes.Objects;

namespace Fleet.ClusterManager.Phases;

/// <summary>Deadlines that users set on an object: <c>k0rdent.mirantis.com/deadline-PHASE: 20m</c>. Pure.</summary>
internal static class DeadlineAnnotations
{
    /// <summary>Null when there is none, or it is no duration above zero.</summary>
    public static TimeSpan? Find(ObjectMeta metadata, string phase) =>
        metadata.Annotations?.GetValueOrDefault(FleetAnnotations.DeadlinePrefix + phase) is { } text
        && GoDuration.TryParse(text, out var duration) && duration > TimeSpan.Zero
            ? duration
            : null;
}
