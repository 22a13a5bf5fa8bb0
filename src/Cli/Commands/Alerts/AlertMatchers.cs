using System.Text.RegularExpressions;

namespace Fleet.Cli.Commands.Alerts;

/// <summary>Matchers of labels: people leave out the quotation marks that the API needs.</summary>
internal static partial class AlertMatchers
{
    /// <summary>Null when it is none.</summary>
    public static string? Of(string word)
    {
        var parts = Matcher().Match(word);
        if (!parts.Success)
            return null;
        var value = parts.Groups["value"].Value;
        return value is ['"', .., '"']
            ? word
            : $"{parts.Groups["label"].Value}{parts.Groups["operator"].Value}\"{value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";
    }

    [GeneratedRegex("^(?<label>[A-Za-z_][A-Za-z0-9_]*)(?<operator>=~|!~|!=|=)(?<value>.*)$", RegexOptions.CultureInvariant | RegexOptions.Singleline | RegexOptions.ExplicitCapture)]
    private static partial Regex Matcher();
}
