using System.Globalization;

namespace Fleet.Reliability.Tests.Laboratory;

/// <summary>What a run came to.</summary>
/// <param name="Seed">Of its faults.</param>
/// <param name="Faults">As they were.</param>
/// <param name="History">Of all replicas.</param>
/// <param name="Violations">Of the rules; none when all is well.</param>
/// <param name="Settled">From the end of the last fault until every store had what was wanted.</param>
internal sealed record LaboratoryReport(int Seed, IReadOnlyList<FaultSeen> Faults, IReadOnlyList<WriteRecord> History, IReadOnlyList<string> Violations, TimeSpan Settled)
{
    /// <summary>A fault may show after its end: connections come back late.</summary>
    private static readonly TimeSpan Aftermath = TimeSpan.FromSeconds(10);

    /// <summary>How many faults of each kind, and the longest time that any cluster was without a write in any store while they lasted or just after. Faults overlap: so do these.</summary>
    public IReadOnlyList<(FaultKind Kind, int Faults, TimeSpan Longest)> Pauses()
    {
        var clusters = History.Where(r => r.What == "done").GroupBy(r => r.Cluster).Select(g => g.Select(r => r.At).Order().ToList()).ToList();
        return
        [
            .. Faults.GroupBy(f => f.Fault.Kind).OrderBy(g => g.Key)
                .Select(g => (g.Key, g.Count(), TimeSpan.FromMilliseconds(g.Max(fault => clusters.Select(writes => LongestPause(writes, fault)).DefaultIfEmpty().Max())))),
        ];
    }

    public IReadOnlyList<(string Store, int Done, int Refused, int Open)> Writes() =>
    [
        .. History.GroupBy(r => r.Store).OrderBy(g => g.Key, StringComparer.Ordinal)
            .Select(g => (g.Key, g.Count(r => r.What == "done"), g.Count(r => r.What == "refused"), g.Count(r => r.What == "try") - g.Count(r => r.What is "done" or "refused"))),
    ];

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"""
        laboratory: seed {Seed}, {Faults.Count} faults, {Violations.Count} violations, as wanted {Settled.TotalSeconds:0.0} s after the last fault
          {string.Join("\n  ", Pauses().Select(p => string.Create(CultureInfo.InvariantCulture, $"{p.Kind,-18} {p.Faults,5}   longest without a write of any cluster {p.Longest.TotalSeconds,6:0.0} s")))}
          {string.Join("\n  ", Writes().Select(w => $"{w.Store,-18} {w.Done,5} done, {w.Refused} refused, {w.Open} of unknown end"))}
        {string.Join("\n", Violations)}
        """);

    private static long LongestPause(List<long> writes, FaultSeen fault)
    {
        var (from, to) = (fault.From, fault.To + (long)Aftermath.TotalMilliseconds);
        return writes.Zip(writes.Skip(1)).Where(p => p.First < to && p.Second > from).Select(p => p.Second - p.First).DefaultIfEmpty().Max();
    }
}
