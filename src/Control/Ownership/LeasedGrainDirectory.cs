using Fleet.Control.Grains;
using Fleet.Kubernetes.Core;
using Fleet.Kubernetes.Resources;

namespace Fleet.Control.Ownership;

/// <summary>
/// Which grains are ours by the table of owners, as long as our Lease is valid by our own monotonic clock. <see cref="OwnershipKeeper"/> tells it; everybody else asks.
/// A process that was frozen finds its Lease over the moment it goes on, whatever its other threads have noticed.
/// </summary>
internal sealed class LeasedGrainDirectory(IKubernetesClient client, OwnershipOptions options, SlotMeter meter, TimeProvider clock) : IGrainDirectory
{
    private Holding holding = Holding.Nothing;
    private long validUntil;

    public event Action? Gained;

    public bool IsShared => true;

    public Holding Holding => Volatile.Read(ref holding);

    /// <summary>Whether our own Lease still stands.</summary>
    public bool IsValid => clock.GetTimestamp() < Volatile.Read(ref validUntil);

    public ValueTask<long?> TryOwnAsync(GrainId grain, CancellationToken ct)
    {
        var held = Holding;
        return ValueTask.FromResult<long?>(IsValid && held.IsOpen(grain) ? held.EpochOf(grain) : null);
    }

    public bool Owns(GrainId grain) => Holding.IsOpen(grain) && IsValid;

    public bool IsCurrent(GrainId grain, long epoch) => Holding.EpochOf(grain) == epoch && IsValid;

    /// <summary>
    /// By the table as it is stored now. A table that is gone proves nothing; an owner has a greater epoch than all before, so that an equal one is ours.
    /// </summary>
    /// <exception cref="FormatException">Somebody else wrote the table.</exception>
    public async ValueTask<bool> ProveAsync(GrainId grain, long epoch, CancellationToken ct)
    {
        if (!IsCurrent(grain, epoch) || await client.Resource(CoreTypes.ConfigMaps).GetAsync(new(options.Namespace, options.TableName), ct) is not { } stored)
            return false;
        var row = TableRow.From(stored);
        if (row.Trouble is { } trouble)
            throw new FormatException(trouble);
        return row.Table.OwnerOf(grain).Epoch == epoch && IsCurrent(grain, epoch);
    }

    public ValueTask ReleaseAsync(GrainId grain, long epoch) => ValueTask.CompletedTask;

    public void Worked(GrainId grain, TimeSpan took) => meter.Count(Holding.SlotOf(grain), took);

    /// <summary>A renewal succeeded that was sent at this timestamp.</summary>
    public void Renewed(long sent, TimeSpan validity) =>
        Volatile.Write(ref validUntil, sent + (long)(validity.TotalSeconds * clock.TimestampFrequency));

    /// <summary>The Lease is no longer ours.</summary>
    public void Lost()
    {
        Volatile.Write(ref validUntil, 0);
        Volatile.Write(ref holding, Holding.Nothing);
    }

    /// <summary>True when there is something that was not held before.</summary>
    public bool Hold(Holding next)
    {
        var before = Holding;
        Volatile.Write(ref holding, next);
        return Enumerable.Range(0, Slots.Most).Any(slot => IsOpen(next, slot) && (!IsOpen(before, slot) || before.Epoch(slot) != next.Epoch(slot)));
    }

    /// <summary>Asks for everything of ours to be looked at.</summary>
    public void Tell() => Gained?.Invoke();

    private static bool IsOpen(Holding of, int slot) => of.Epoch(slot) > 0 && !of.IsClosing(slot);
}
