using System.Text.RegularExpressions;

namespace Fleet.StateManager.Drift;

/// <summary>A selector in kubectl's words: <c>app=web,tier!=front,zone in (a, b),!legacy</c>. All of them must hold. Pure.</summary>
internal sealed partial class LabelText
{
    private readonly IReadOnlyList<Func<IReadOnlyDictionary<string, string>, bool>> requirements;

    private LabelText(IReadOnlyList<Func<IReadOnlyDictionary<string, string>, bool>> requirements) => this.requirements = requirements;

    /// <summary>Null for no selector.</summary>
    /// <exception cref="DriftSettingsException">It cannot be read.</exception>
    public static LabelText? Parse(string? text, string field)
    {
        if (string.IsNullOrWhiteSpace(text))
            return null;
        var requirements = new List<Func<IReadOnlyDictionary<string, string>, bool>>();
        foreach (var part in Commas().Split(text))
            requirements.Add(Requirement(part.Trim()) ?? throw new DriftSettingsException($"{field} is no selector, for instance app=web,tier!=front"));
        return new LabelText(requirements);
    }

    public bool Matches(IReadOnlyDictionary<string, string> labels) => requirements.All(holds => holds(labels));

    private static Func<IReadOnlyDictionary<string, string>, bool>? Requirement(string part)
    {
        if (Words().Match(part) is not { Success: true } match)
            return null;
        var key = match.Groups["key"].Value;
        if (match.Groups["not"].Success)
            return labels => !labels.ContainsKey(key);
        var values = match.Groups["value"].Success
            ? [match.Groups["value"].Value]
            : match.Groups["values"].Value.Split(',').Select(v => v.Trim()).ToHashSet(StringComparer.Ordinal);
        return match.Groups["operator"].Value switch
        {
            "" => labels => labels.ContainsKey(key),
            "=" or "==" or "in" => labels => labels.TryGetValue(key, out var value) && values.Contains(value),
            // As in Kubernetes, what has no such label is not in the list either.
            _ => labels => !labels.TryGetValue(key, out var value) || !values.Contains(value),
        };
    }

    /// <summary>Commas that are not within brackets.</summary>
    [GeneratedRegex(@",(?![^(]*\))", RegexOptions.CultureInvariant)]
    private static partial Regex Commas();

    [GeneratedRegex(
        @"\A(?:(?<not>!)\s*(?<key>[\w./-]+)|(?<key>[\w./-]+)(?:\s*(?<operator>==|=|!=)\s*(?<value>[^\s,()]*)|\s+(?<operator>in|notin)\s*\((?<values>[^()]*)\))?)\z",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex Words();
}
