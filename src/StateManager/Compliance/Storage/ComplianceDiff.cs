using Fleet.StateManager.Compliance.Findings;

namespace Fleet.StateManager.Compliance.Storage;

/// <summary>What has to be written so that the database holds a report. Pure.</summary>
/// <param name="Counts">Rows that are new or other than before; a row that is not there any more is in <paramref name="Gone"/>.</param>
/// <param name="Findings">New or other than before, by their place.</param>
internal sealed record ComplianceDiff(
    IReadOnlyList<(PolicyKey Key, ResultCounts Counts)> Counts, IReadOnlyList<PolicyKey> Gone, IReadOnlyList<(string Place, JudgedFinding Finding)> Findings, IReadOnlyList<string> GoneFindings)
{
    public static ComplianceDiff Of(ClusterCompliance? before, ClusterCompliance? now)
    {
        var (oldCounts, newCounts) = (Rows(before), Rows(now));
        var (oldFindings, newFindings) = (Placed(before), Placed(now));
        return new(
            [.. newCounts.Where(row => !oldCounts.TryGetValue(row.Key, out var old) || old != row.Value).Select(row => (row.Key, row.Value))],
            [.. oldCounts.Keys.Where(key => !newCounts.ContainsKey(key))],
            [.. newFindings.Where(finding => !oldFindings.TryGetValue(finding.Key, out var old) || old != finding.Value).Select(finding => (finding.Key, finding.Value))],
            [.. oldFindings.Keys.Where(place => !newFindings.ContainsKey(place))]);
    }

    private static Dictionary<PolicyKey, ResultCounts> Rows(ClusterCompliance? report) => (report?.Counts ?? []).ToDictionary(row => row.Key, row => row.Counts);

    /// <summary>An engine may say the same twice.</summary>
    private static Dictionary<string, JudgedFinding> Placed(ClusterCompliance? report)
    {
        var placed = new Dictionary<string, JudgedFinding>(report?.Findings.Count ?? 0, StringComparer.Ordinal);
        var times = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var judged in report?.Findings ?? [])
        {
            var place = judged.Finding.Place;
            var time = times[place] = times.GetValueOrDefault(place) + 1;
            placed[time == 1 ? place : $"{place}#{time:D5}"] = judged;
        }
        return placed;
    }
}
