using System.Collections.Immutable;

namespace Fleet.StateManager.Compliance.Findings;

/// <summary>What is kept of one report or constraint: every result by number, and those one by one that did not pass.</summary>
/// <param name="Counts">All results, also those in <paramref name="Findings"/>; nothing is excepted here.</param>
/// <param name="LeftOut">Results that did not pass and are in <paramref name="Counts"/> only.</param>
internal sealed record ReportFindings(ImmutableArray<(PolicyKey Key, ResultCounts Counts)> Counts, ImmutableArray<Finding> Findings, int LeftOut)
{
    public static ReportFindings None { get; } = new([], [], 0);

    // Engines write reports anew all the time: only what they say counts as a change.
    public bool Equals(ReportFindings? other) =>
        other is not null && LeftOut == other.LeftOut && Counts.AsSpan().SequenceEqual(other.Counts.AsSpan()) && Findings.AsSpan().SequenceEqual(other.Findings.AsSpan());

    public override int GetHashCode() => HashCode.Combine(Counts.Length, Findings.Length, LeftOut);
}
