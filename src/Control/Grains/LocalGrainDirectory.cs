using System.Collections.Concurrent;

namespace Fleet.Control.Grains;

/// <summary>The directory of a fleet of one process: every grain is ours. Epochs come from one counter, so they grow per activation.</summary>
internal sealed class LocalGrainDirectory : IGrainDirectory
{
    private readonly ConcurrentDictionary<GrainId, long> owned = new();
    private long lastEpoch;

    public ValueTask<long?> TryOwnAsync(GrainId grain, CancellationToken ct)
    {
        var epoch = Interlocked.Increment(ref lastEpoch);
        owned[grain] = epoch;
        return ValueTask.FromResult<long?>(epoch);
    }

    public bool IsCurrent(GrainId grain, long epoch) => owned.TryGetValue(grain, out var current) && current == epoch;

    public ValueTask ReleaseAsync(GrainId grain, long epoch)
    {
        owned.TryRemove(new KeyValuePair<GrainId, long>(grain, epoch));
        return ValueTask.CompletedTask;
    }
}
