namespace Fleet.StateManager.Compliance.Findings;

/// <summary>What the policy engines of one cluster found, before exceptions.</summary>
/// <param name="Kinds">Kinds of reports that the cluster serves, as PLURAL.GROUP.</param>
/// <param name="Counts">All results, by policy and namespace, in their order.</param>
/// <param name="Findings">Results that did not pass, worst first.</param>
/// <param name="LeftOut">Results that did not pass and are counted only.</param>
internal sealed record ClusterFindings(
    IReadOnlyList<string> Kinds, IReadOnlyList<(PolicyKey Key, ResultCounts Counts)> Counts, IReadOnlyList<Finding> Findings, int LeftOut)
{
    /// <summary>Kept one by one of a cluster: some 10 MB in memory and in the database.</summary>
    public const int MostFindings = 10_000;

    /// <summary>Policies times namespaces; a cluster with 200 namespaces and 50 policies has room twice.</summary>
    public const int MostRows = 20_000;

    public static ClusterFindings Of(IEnumerable<string> kinds, IEnumerable<ReportFindings> reports)
    {
        var counts = new SortedDictionary<string, (PolicyKey Key, ResultCounts Counts)>(StringComparer.Ordinal);
        var findings = new List<Finding>();
        var leftOut = 0;
        foreach (var report in reports)
        {
            leftOut += report.LeftOut;
            findings.AddRange(report.Findings);
            foreach (var (key, number) in report.Counts)
                Add(counts, key, number);
        }
        // The worst are kept. Ties are broken by the text, so that the same reports give the same list.
        var kept = findings.OrderBy(finding => finding.Place, StringComparer.Ordinal).ThenBy(finding => finding.Message, StringComparer.Ordinal).Take(MostFindings).ToList();
        return new([.. kinds.Order(StringComparer.Ordinal)], [.. counts.Values], kept, leftOut + findings.Count - kept.Count);
    }

    private static void Add(SortedDictionary<string, (PolicyKey Key, ResultCounts Counts)> counts, PolicyKey key, ResultCounts number)
    {
        var place = key.Place;
        if (counts.TryGetValue(place, out var seen))
            counts[place] = (key, seen.Counts.Plus(number));
        else if (counts.Count < MostRows || key == PolicyKey.Rest)
            counts[place] = (key, number);
        else
            Add(counts, PolicyKey.Rest, number);
    }
}
