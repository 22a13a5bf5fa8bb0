namespace Fleet.Control.Ownership;

/// <summary>What the Lease of one replica says. A replica without a Lease is dead: an expired Lease is deleted before anything is taken from its holder.</summary>
/// <param name="Name">Identity of one run of one replica; never used again.</param>
/// <param name="Applied">The generation of the table up to which it has let go of everything that it was asked for.</param>
/// <param name="Costs">What each slot that it owns has cost lately, in milliseconds of work per second; without those that it has not measured yet.</param>
internal sealed record ReplicaFacts(string Name, long Applied, IReadOnlyDictionary<int, double> Costs)
{
    /// <summary>The pool that it belongs to; empty for none.</summary>
    public string Pool { get; init; } = "";

    public static IReadOnlyDictionary<int, double> NoCosts { get; } = new Dictionary<int, double>();
}
