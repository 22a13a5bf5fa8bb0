using Fleet.Control.Grains;
using Fleet.Control.Ownership.Pinning;

namespace Fleet.Control.Ownership;

/// <summary>Who owns a slot.</summary>
/// <param name="Replica">Identity of the owner; empty before the first.</param>
/// <param name="Epoch">
/// Grows with each owner, and is at least the time of the grant in Unix milliseconds: so it also grows when the table is lost or comes back from an old backup.
/// </param>
internal sealed record SlotOwner(string Replica, long Epoch)
{
    public static SlotOwner None { get; } = new("", 0);

    /// <summary>Who gets the slot once its owner has let it go; null when it stays.</summary>
    public string? Next { get; init; }

    /// <summary>The generation of the table in which the owner was asked to let it go.</summary>
    public long Asked { get; init; }
}

/// <summary>The table of owners. Immutable. Each change has a greater generation, which is at least the time in Unix milliseconds, as epochs are.</summary>
internal sealed record Assignment(long Generation, IReadOnlyList<SlotOwner> Slots)
{
    public static Assignment Empty { get; } = new(0, [.. Enumerable.Repeat(SlotOwner.None, Ownership.Slots.Count)]);

    /// <summary>Clusters that belong to pools; each pool's slots lie behind those of everybody.</summary>
    public PinTable Pins { get; init; } = PinTable.Empty;

    /// <summary>What slots cost when the table was written, in milliseconds of work per second: who gets one has not measured it yet. No reason of its own to write the table.</summary>
    public IReadOnlyDictionary<int, double> Costs { get; init; } = ReplicaFacts.NoCosts;

    /// <summary>Also of a slot that the table does not have.</summary>
    public SlotOwner Owner(int slot) => slot < Slots.Count ? Slots[slot] : SlotOwner.None;

    public SlotOwner OwnerOf(GrainId grain) => Owner(Pins.SlotOf(grain));

    public bool IsSameAs(Assignment other) => Slots.SequenceEqual(other.Slots) && Pins.IsSameAs(other.Pins);
}
