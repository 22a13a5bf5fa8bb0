using Fleet.Control.Grains;
using Orleans.Storage;
using Orleans.Runtime;

namespace Fleet.ClusterManager.Orleans.Epochs;

/// <summary>
/// The ownership of one activation. Orleans may have two activations of a grain for a moment; the epoch in the database, raised by compare and set,
/// tells them apart, and grows with every owner.
/// </summary>
internal sealed class StoredEpoch(IPersistentState<GrainEpoch> stored, SiloStanding standing) : IGrainDirectory
{
    private long held;

    public async ValueTask<long?> TryOwnAsync(GrainId grain, CancellationToken ct)
    {
        if (!standing.IsProven)
            return null;
        while (true)
        {
            ct.ThrowIfCancellationRequested();
            stored.State.Epoch++;
            try
            {
                await stored.WriteStateAsync(ct);
                Volatile.Write(ref held, stored.State.Epoch);
                return stored.State.Epoch;
            }
            catch (InconsistentStateException)
            {
                // Another activation was faster. Ours is the later one all the same: it was asked for after that one.
                await stored.ReadStateAsync(ct);
            }
        }
    }

    public bool IsCurrent(GrainId grain, long epoch) => Volatile.Read(ref held) == epoch && standing.IsProven;

    public ValueTask ReleaseAsync(GrainId grain, long epoch)
    {
        Interlocked.CompareExchange(ref held, 0, epoch);
        return ValueTask.CompletedTask;
    }
}
