using System.Text.Json.Nodes;
using Fleet.Expressions;
using Fleet.ControlPlane.Simulation.Objects;

namespace Fleet.ControlPlane.Simulation.Pods;

/// <summary>What goes wrong with a pod.</summary>
internal enum PodFault { None, ImagePullBackOff, CrashLoopBackOff, NeverReady, Error }

/// <summary>Finds out what is to go wrong with a pod, and how long its steps take.</summary>
internal static class PodFaults
{
    /// <summary>Tags that no registry has, by convention of many a tutorial on broken rollouts.</summary>
    private static readonly string[] BadTags = ["does-not-exist", "doesnotexist", "no-such-tag", "nonexistent", "invalid-tag"];

    /// <summary>For ever, as far as a simulation goes; more would not fit behind the time of day.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromDays(365);

    public static PodFault Of(JsonObject pod)
    {
        if (pod.Annotation(SimulationAnnotations.Fail) is { } wanted && Enum.TryParse<PodFault>(wanted, ignoreCase: true, out var fault))
            return fault;
        return pod.Items("spec", "containers").Any(c => IsBadImage(c.Text("image"))) ? PodFault.ImagePullBackOff : PodFault.None;
    }

    public static bool IsBadImage(string? image)
    {
        if (string.IsNullOrEmpty(image))
            return false;
        var slash = image.LastIndexOf('/');
        var host = image.IndexOf('/', StringComparison.Ordinal) is > 0 and var end ? image[..end] : "";
        var colon = image.IndexOf(':', slash + 1);
        return host.EndsWith(".invalid", StringComparison.Ordinal) || (colon >= 0 && BadTags.Contains(image[(colon + 1)..]));
    }

    /// <summary>A duration annotation (<c>500ms</c>, <c>20s</c>, <c>1h30m</c>); null when absent or unreadable.</summary>
    public static TimeSpan? Duration(string? text) =>
        text is { Length: > 0 } && CelDurations.TryParse(text, out var duration) && duration >= TimeSpan.Zero ? duration < Longest ? duration : Longest : null;
}
