using Fleet.Helm.Versions;

namespace Fleet.Helm.Releases;

/// <summary>Chart and version as helm prints them in one word: <c>simple-nginx-1.0.0</c>.</summary>
public static class ChartLabel
{
    /// <summary>Null when there is none. Names may hold dashes and digits, versions dashes: the longest end that is a version with three numbers is it.</summary>
    public static string? VersionOf(string label)
    {
        for (var dash = label.IndexOf('-', StringComparison.Ordinal); dash >= 0; dash = label.IndexOf('-', dash + 1))
            if (label[(dash + 1)..] is var rest && rest.Split('-', '+')[0].Split('.').Length == 3 && SemanticVersion.TryParse(rest) is not null)
                return rest;
        return null;
    }
}
