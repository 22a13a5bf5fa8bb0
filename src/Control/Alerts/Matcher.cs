using System.Text;
using System.Text.RegularExpressions;

namespace Fleet.Control.Alerts;

/// <summary>What a label must be, as Alertmanager writes it: <c>severity="critical"</c>, <c>cluster=~"eu-.*"</c>. A label that is absent is the empty text; patterns are anchored. Pure.</summary>
public sealed class Matcher
{
    /// <summary>Patterns run on every alert again and again; without backtracking none can take long.</summary>
    private const RegexOptions Options = RegexOptions.NonBacktracking | RegexOptions.CultureInvariant;

    private readonly Regex? pattern;
    private readonly bool isNegated;

    private Matcher(string label, string value, bool isNegated, Regex? pattern) => (Label, Value, this.isNegated, this.pattern) = (label, value, isNegated, pattern);

    public string Label { get; }

    public string Value { get; }

    /// <exception cref="FormatException">It is no matcher; the message says why.</exception>
    public static Matcher Parse(string text)
    {
        var trimmed = text.Trim();
        var end = 0;
        while (end < trimmed.Length && (char.IsAsciiLetterOrDigit(trimmed[end]) || trimmed[end] == '_'))
            end++;
        if (end == 0 || char.IsAsciiDigit(trimmed[0]))
            throw new FormatException($"'{Short(text)}' does not begin with the name of a label");
        var rest = trimmed[end..].TrimStart();
        var (length, isNegated, isPattern) = rest switch
        {
            ['=', '~', ..] => (2, false, true),
            ['!', '~', ..] => (2, true, true),
            ['!', '=', ..] => (2, true, false),
            ['=', ..] => (1, false, false),
            _ => throw new FormatException($"'{Short(text)}' has none of =, !=, =~ and !~ after the label"),
        };
        var value = Unquote(rest[length..].Trim(), text);
        if (!isPattern)
            return new(trimmed[..end], value, isNegated, null);
        try
        {
            return new(trimmed[..end], value, isNegated, new Regex($"^(?:{value})$", Options));
        }
        catch (Exception e) when (e is ArgumentException or NotSupportedException)
        {
            throw new FormatException($"'{Short(text)}' has no pattern that can be used");
        }
    }

    public static IReadOnlyList<Matcher> ParseAll(IEnumerable<string>? texts) => [.. (texts ?? []).Select(Parse)];

    public bool Matches(IReadOnlyDictionary<string, string> labels) => IsMatch(labels.GetValueOrDefault(Label) ?? "") != isNegated;

    /// <summary>Whether it also holds for what has no such label.</summary>
    public bool MatchesNothing => IsMatch("") != isNegated;

    public static bool All(IReadOnlyList<Matcher> matchers, IReadOnlyDictionary<string, string> labels)
    {
        foreach (var matcher in matchers)
            if (!matcher.Matches(labels))
                return false;
        return true;
    }

    private bool IsMatch(string value) => pattern?.IsMatch(value) ?? value == Value;

    private static string Unquote(string value, string text)
    {
        if (value is not ['"', ..])
            return value.Contains('"') ? throw new FormatException($"'{Short(text)}' has a quote inside a value without quotes") : value;
        if (value is not ['"', .. var inner, '"'])
            throw new FormatException($"'{Short(text)}' has a quote that is not closed");
        var result = new StringBuilder(inner.Length);
        for (var index = 0; index < inner.Length; index++)
        {
            if (inner[index] == '"')
                throw new FormatException($"'{Short(text)}' has a quote inside its quotes");
            if (inner[index] != '\\')
            {
                result.Append(inner[index]);
                continue;
            }
            if (++index == inner.Length)
                throw new FormatException($"'{Short(text)}' has a quote that is not closed");
            // As Alertmanager: what is no escape stays as it is, so that \. of a pattern need not be doubled.
            _ = inner[index] switch
            {
                'n' => result.Append('\n'),
                '"' => result.Append('"'),
                '\\' => result.Append('\\'),
                var other => result.Append('\\').Append(other),
            };
        }
        return result.ToString();
    }

    private static string Short(string text) => text.Length <= 60 ? text : $"{text[..60]}…";
}
