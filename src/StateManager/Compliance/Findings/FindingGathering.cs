using System.Text.Json.Nodes;
using Fleet.StateManager.Health.Rules;

namespace Fleet.StateManager.Compliance.Findings;

/// <summary>Gathers the results of one object within bounds: all are counted, a number of them kept.</summary>
internal sealed class FindingGathering
{
    /// <summary>Kyverno writes a report for each object; other engines write one for a namespace. What is beyond is counted.</summary>
    public const int MostKept = 1000;

    private const int LongestName = 253;
    private const int LongestMessage = 500;

    private readonly SortedDictionary<string, (PolicyKey Key, ResultCounts Counts)> counts = new(StringComparer.Ordinal);
    private readonly List<Finding> findings = [];
    private int leftOut;

    public void Count(PolicyKey key, FindingResult result, int number)
    {
        var place = key.Place;
        counts[place] = (key, (counts.TryGetValue(place, out var seen) ? seen.Counts : default).Plus(result, number));
    }

    public void Add(Finding finding)
    {
        Count(finding.Key, finding.Result, 1);
        if (finding.Result is FindingResult.Pass or FindingResult.Skip)
            return;
        if (findings.Count < MostKept)
            findings.Add(finding);
        else
            leftOut++;
    }

    public void LeaveOut(int number) => leftOut += number;

    public ReportFindings Result() => new([.. counts.Values], [.. findings], leftOut);

    /// <summary>A name out of a report, no longer than one can be.</summary>
    public static string Name(JsonNode? node) => Cut(ObservedObject.TextOf(node), LongestName);

    public static string Message(JsonNode? node) => Cut(ObservedObject.TextOf(node).Trim(), LongestMessage);

    // PostgreSQL takes no zero byte in a text.
    private static string Cut(string text, int longest)
    {
        var clean = text.Contains('\0', StringComparison.Ordinal) ? text.Replace("\0", "", StringComparison.Ordinal) : text;
        return clean.Length <= longest ? clean : clean[..(longest - 1)] + "…";
    }
}
