using System.Globalization;
using System.Text.Json.Nodes;
using Fleet.ControlPlane.Simulation.Objects;

namespace Fleet.ControlPlane.Simulation.Pods;

/// <summary>What goes wrong with a pod.</summary>
internal enum PodFault { None, ImagePullBackOff, CrashLoopBackOff, NeverReady, Error }

/// <summary>Finds out what is to go wrong with a pod, and how long its steps take.</summary>
internal static class PodFaults
{
    /// <summary>Tags that no registry has, by convention of many a tutorial on broken rollouts.</summary>
    private static readonly string[] BadTags = ["does-not-exist", "doesnotexist", "no-such-tag", "nonexistent", "invalid-tag"];

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

    /// <summary>A duration annotation (<c>500ms</c>, <c>20s</c>, <c>2m</c>); null when absent or unreadable.</summary>
    public static TimeSpan? Duration(string? text)
    {
        if (string.IsNullOrEmpty(text))
            return null;
        var (digits, unit) = text switch
        {
            _ when text.EndsWith("ms", StringComparison.Ordinal) => (text[..^2], 1d),
            _ when text.EndsWith('s') => (text[..^1], 1000d),
            _ when text.EndsWith('m') => (text[..^1], 60_000d),
            _ => ("", 0d),
        };
        return double.TryParse(digits, NumberStyles.Float, CultureInfo.InvariantCulture, out var n) ? TimeSpan.FromMilliseconds(n * unit) : null;
    }
}
