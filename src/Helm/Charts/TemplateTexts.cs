using System.Text.RegularExpressions;

namespace Fleet.Helm.Charts;

/// <summary>The texts in quotes in a chart's templates: what a template could compare a value with.</summary>
internal static partial class TemplateTexts
{
    /// <summary>Null when they cannot all be known: a dependency is packed, or texts are used as patterns.</summary>
    public static IReadOnlyList<string>? Of(IEnumerable<KeyValuePair<string, string>> files)
    {
        var texts = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var (path, content) in files)
        {
            if (path.EndsWith(".tgz", StringComparison.Ordinal))
                return null;
            if (!path.StartsWith("templates/", StringComparison.Ordinal) && !path.Contains("/templates/", StringComparison.Ordinal))
                continue;
            if (content.Contains("egexMatch", StringComparison.Ordinal) || content.Contains("egexFind", StringComparison.Ordinal))
                return null;
            foreach (Match match in Quoted().Matches(content))
                texts.Add(match.Groups[1].Success ? match.Groups[1].Value : match.Groups[2].Value);
        }
        return [.. texts];
    }

    [GeneratedRegex("""
        "([^"\n]*)"|`([^`]*)`
        """, RegexOptions.CultureInvariant)]
    private static partial Regex Quoted();
}
