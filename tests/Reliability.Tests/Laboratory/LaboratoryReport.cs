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
    /// <summary>How many faults of each kind, and the longest time that any cluster was without a write in any store because of one. Faults overlap: a pause counts for the one that began nearest to it.</summary>
    public IReadOnlyList<(FaultKind Kind, int Faults, TimeSpan Longest)> Pauses()
    {
        var longest = new Dictionary<FaultKind, long>();
        foreach (var writes in History.Where(r => r.What == "done").GroupBy(r => r.Cluster).Select(g => g.Select(r => r.At).Order().ToList()))
            foreach (var (from, to) in writes.Zip(writes.Skip(1)))
                if (Faults.Where(f => f.From < to).MinBy(f => Math.Abs(f.From - from)) is { } cause)
                    longest[cause.Fault.Kind] = Math.Max(longest.GetValueOrDefault(cause.Fault.Kind), to - from);
        return [.. Faults.GroupBy(f => f.Fault.Kind).OrderBy(g => g.Key).Select(g => (g.Key, g.Count(), TimeSpan.FromMilliseconds(longest.GetValueOrDefault(g.Key))))];
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
}
