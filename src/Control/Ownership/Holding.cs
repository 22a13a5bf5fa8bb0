using System.Globalization;
using System.IO.Hashing;
using System.Text;
using Fleet.Control.Grains;
using Fleet.Control.Ownership.Pinning;
using Fleet.Kubernetes.Objects;

namespace Fleet.Control.Ownership;

/// <summary>What this replica holds: the epoch of each of its slots, and which clusters lie in others than their names say. Immutable.</summary>
internal sealed class Holding
{
    private readonly long[] epochs;
    private readonly bool[] closing;
    private readonly PinTable pins;
    private readonly IReadOnlySet<ObjectKey> gone;

    private Holding(long[] epochs, bool[] closing, PinTable pins, IReadOnlySet<ObjectKey> gone) => (this.epochs, this.closing, this.pins, this.gone) = (epochs, closing, pins, gone);

    public static Holding Nothing { get; } = new(new long[Slots.Most], new bool[Slots.Most], PinTable.Empty, new HashSet<ObjectKey>());

    public int Count => epochs.Count(e => e > 0);

    /// <summary>As the table had them that was followed last.</summary>
    public PinTable Pins => pins;

    /// <summary>0 when the slot is not ours.</summary>
    public long Epoch(int slot) => epochs[slot];

    public bool IsClosing(int slot) => closing[slot];

    public int SlotOf(GrainId grain) => pins.SlotOf(grain);

    /// <summary>Under which the grain may be written; 0 when it may not, or no longer.</summary>
    public long EpochOf(GrainId grain) => gone.Contains(grain.Key) && pins.IsMoving(grain) ? 0 : epochs[pins.SlotOf(grain)];

    /// <summary>Whether work on the grain may begin: it is ours, and nobody is to get it.</summary>
    public bool IsOpen(GrainId grain) => pins.SlotOf(grain) is var slot && epochs[slot] > 0 && !closing[slot] && !pins.IsMoving(grain);

    /// <summary>
    /// What follows from the table: slots that it gives us are held; those that it gives to somebody else, or asks us for, are closing while anything of them may still run.
    /// </summary>
    /// <param name="table">The table as it is.</param>
    /// <param name="replica">Us.</param>
    /// <param name="letGo">What we have let go already, by slot, though the table does not say so yet: the generation in which it was asked for.</param>
    /// <param name="gone">Clusters on their way that we have let go already.</param>
    public Holding Following(Assignment table, string replica, IReadOnlyDictionary<int, long> letGo, IReadOnlySet<ObjectKey>? gone = null)
    {
        var (next, ending) = (new long[Slots.Most], new bool[Slots.Most]);
        for (var slot = 0; slot < Slots.Most; slot++)
        {
            var owner = table.Owner(slot);
            var isOurs = owner.Replica == replica;
            if (isOurs && owner.Next is null)
                next[slot] = owner.Epoch;
            else if (isOurs && letGo.GetValueOrDefault(slot) == owner.Asked)
                continue;
            else if (epochs[slot] > 0)
                (next[slot], ending[slot]) = (epochs[slot], true);
        }
        return new(next, ending, table.Pins, gone ?? Nothing.gone);
    }

    /// <summary>All of it is to be let go.</summary>
    public Holding Closing() => new(epochs, [.. epochs.Select(epoch => epoch > 0)], pins, gone);

    /// <summary>Without what has been let go.</summary>
    public Holding Without(IEnumerable<int> slots)
    {
        var (next, ending) = ((long[])epochs.Clone(), (bool[])closing.Clone());
        foreach (var slot in slots)
            (next[slot], ending[slot]) = (0, false);
        return new(next, ending, pins, gone);
    }

    /// <summary>The same with clusters that have been let go.</summary>
    public Holding WithGone(IReadOnlySet<ObjectKey> clusters) => new(epochs, closing, pins, clusters);

    /// <summary>The same for the same slots under the same epochs; what is closing counts, since its owner may still write.</summary>
    public string Digest() => DigestOf(epochs.Select((epoch, slot) => (slot, epoch)).Where(held => held.epoch > 0));

    /// <summary>What a replica that has applied the table holds.</summary>
    public static string DigestFor(Assignment table, string replica) =>
        DigestOf(table.Slots.Select((owner, slot) => (owner, slot)).Where(s => s.owner.Replica == replica && s.owner.Next is null).Select(s => (s.slot, s.owner.Epoch)));

    private static string DigestOf(IEnumerable<(int Slot, long Epoch)> held) =>
        XxHash3.HashToUInt64(Encoding.UTF8.GetBytes(string.Join(';', held.Select(h => $"{h.Slot}:{h.Epoch}")))).ToString("x16", CultureInfo.InvariantCulture);
}
