using Fleet.StateManager.Compliance.Exceptions;
using Fleet.StateManager.Compliance.Findings;

namespace Fleet.StateManager.Compliance;

/// <summary>Findings of one cluster with what exceptions make of them: what is written down.</summary>
/// <param name="Counts">By policy and namespace, in their order.</param>
/// <param name="Findings">Worst first.</param>
internal sealed record ClusterCompliance(
    IReadOnlyList<string> Kinds, IReadOnlyList<(PolicyKey Key, ResultCounts Counts)> Counts, IReadOnlyList<JudgedFinding> Findings, int LeftOut)
{
    /// <param name="exceptions">Those that cover the cluster and have not ended. The first that covers a finding is named.</param>
    public static ClusterCompliance Of(ClusterFindings found, IReadOnlyList<ExceptionRow> exceptions)
    {
        if (exceptions.Count == 0)
            return new(found.Kinds, found.Counts, [.. found.Findings.Select(finding => new JudgedFinding(finding, null))], found.LeftOut);
        var counts = found.Counts.ToDictionary(row => row.Key, row => row.Counts);
        var judged = new List<JudgedFinding>(found.Findings.Count);
        foreach (var finding in found.Findings)
        {
            var by = exceptions.FirstOrDefault(exception => exception.Matches(finding));
            judged.Add(new(finding, by?.Key.Name));
            if (by is null)
                continue;
            var row = counts.ContainsKey(finding.Key) ? finding.Key : PolicyKey.Rest;
            counts[row] = counts[row].Except(finding.Result);
        }
        return new(found.Kinds, [.. found.Counts.Select(row => (row.Key, counts[row.Key]))], judged, found.LeftOut);
    }

    /// <summary>Sum of all rows.</summary>
    public ResultCounts Total => Counts.Aggregate(default(ResultCounts), (sum, row) => sum.Plus(row.Counts));

    /// <summary>What was found, without exceptions: how a report that was written down is looked at again while the cluster is away.</summary>
    public ClusterFindings WithoutExceptions()
    {
        var counts = Counts.ToDictionary(row => row.Key, row => row.Counts);
        foreach (var (finding, by) in Findings)
        {
            if (by is null)
                continue;
            var row = counts.ContainsKey(finding.Key) ? finding.Key : PolicyKey.Rest;
            counts[row] = counts[row].Plus(finding.Result) with { Excepted = counts[row].Excepted - 1 };
        }
        return new(Kinds, [.. Counts.Select(row => (row.Key, counts[row.Key]))], [.. Findings.Select(judged => judged.Finding)], LeftOut);
    }

    public bool Equals(ClusterCompliance? other) => other is not null && LeftOut == other.LeftOut
        && Kinds.SequenceEqual(other.Kinds) && Counts.SequenceEqual(other.Counts) && Findings.SequenceEqual(other.Findings);

    public override int GetHashCode() => HashCode.Combine(Kinds.Count, Counts.Count, Findings.Count, LeftOut);
}

/// <param name="ExceptedBy">Name of the exception that covers it, in the namespace of the cluster; null when it counts.</param>
internal readonly record struct JudgedFinding(Finding Finding, string? ExceptedBy);
