using System.Text.RegularExpressions;

namespace Fleet.StateManager.Manifests;

/// <summary>References of kustomizations in messages: an address may carry a password. Pure.</summary>
internal static partial class SourceWords
{
    private const int Longest = 200;

    /// <summary>What kustomize would fetch: a URL, or one of git's short forms.</summary>
    public static bool IsRemote(string entry) =>
        entry.Contains("://", StringComparison.Ordinal) || entry.Contains("::", StringComparison.Ordinal) || entry.Contains("?ref=", StringComparison.Ordinal)
        || ShortForm().IsMatch(entry);

    public static string Plain(string entry)
    {
        var shown = new string([.. UserInfo().Replace(entry, "//").Select(c => char.IsControl(c) ? ' ' : c)]);
        var query = shown.IndexOf('?', StringComparison.Ordinal);
        if (query >= 0)
            shown = shown[..query];
        return shown.Length <= Longest ? shown : shown[..Longest] + "…";
    }

    [GeneratedRegex(@"//[^/@]*@", RegexOptions.CultureInvariant)]
    private static partial Regex UserInfo();

    [GeneratedRegex(@"^(?:[\w.-]+@[\w.-]+:|(?:github|gitlab)\.com/|(?:gh|git):)", RegexOptions.CultureInvariant)]
    private static partial Regex ShortForm();
}
