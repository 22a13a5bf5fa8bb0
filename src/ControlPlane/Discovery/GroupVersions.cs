using System.Text.RegularExpressions;
using Fleet.ControlPlane.Kinds;

namespace Fleet.ControlPlane.Discovery;

/// <summary>An API group with its versions, the preferred one first.</summary>
internal sealed partial record GroupVersions(string Name, IReadOnlyList<string> Versions)
{
    public static IReadOnlyList<GroupVersions> Of(KindCatalog catalog)
    {
        var order = new List<string>();
        var versions = new Dictionary<string, List<string>>(StringComparer.Ordinal);
        foreach (var kind in catalog.All)
        {
            if (!versions.TryGetValue(kind.Group, out var list))
            {
                versions[kind.Group] = list = [];
                order.Add(kind.Group);
            }
            if (!list.Contains(kind.Version)) list.Add(kind.Version);
        }
        return [.. order.Select(g => new GroupVersions(g, [.. versions[g].OrderByDescending(Rank).ThenBy(v => v, StringComparer.Ordinal)]))];
    }

    /// <summary>v2 before v1 before v1beta2 before v1beta1 before v1alpha1 before anything else.</summary>
    private static long Rank(string version)
    {
        var match = VersionName().Match(version);
        if (!match.Success) return -1;
        var stability = match.Groups[2].Value switch { "" => 3, "beta" => 2, _ => 1 };
        return stability * 1_000_000L + Part(1) * 1_000 + Part(3);

        long Part(int group) => long.TryParse(match.Groups[group].Value, out var number) ? Math.Min(number, 999) : 0;
    }

    [GeneratedRegex("^v([0-9]+)(?:(alpha|beta)([0-9]+))?$", RegexOptions.CultureInvariant)]
    private static partial Regex VersionName();
}
