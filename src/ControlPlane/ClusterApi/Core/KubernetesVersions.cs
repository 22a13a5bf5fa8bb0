using System.Globalization;

namespace Fleet.ControlPlane.ClusterApi.Core;

/// <summary>Order of Kubernetes versions as Machines state them (<c>v1.33.1</c>, <c>1.33.1+k0s.0</c>); what cannot be read counts as lowest.</summary>
internal static class KubernetesVersions
{
    /// <summary>The lowest one, as it was written; null when there is none.</summary>
    public static string? Lowest(IEnumerable<string?> versions) =>
        versions.OfType<string>().OrderBy(Parse).ThenBy(v => v, StringComparer.Ordinal).FirstOrDefault();

    private static (int Major, int Minor, int Patch) Parse(string version)
    {
        var parts = version.TrimStart('v').Split('+', '-')[0].Split('.');
        int Part(int i) => i < parts.Length && int.TryParse(parts[i], NumberStyles.None, CultureInfo.InvariantCulture, out var n) ? n : 0;
        return (Part(0), Part(1), Part(2));
    }
}
