using System.Collections.Concurrent;

namespace Fleet.Control.Grains;

/// <summary>The directory of a service of one process: every grain is ours.</summary>
/// <remarks>
/// Epochs begin at the time of the start, in milliseconds since 1970, since what is written under them outlives the process: PostgreSQL refuses the rows of an epoch that is below one it has
/// seen. So the process that was started later is the later owner, as the table of owners counts too (a service goes from one replica to several and back). An epoch is shared by whoever holds
/// the grain at the same time, and never given again once all have let go of it; only that moves the count on, so that it stays behind the clock however many grains there are.
/// </remarks>
internal sealed class LocalGrainDirectory(TimeProvider? clock = null) : IGrainDirectory
{
    private readonly ConcurrentDictionary<GrainId, (long Epoch, int Holders)> owned = new();
    private long next = (clock ?? TimeProvider.System).GetUtcNow().ToUnixTimeMilliseconds();

    public ValueTask<long?> TryOwnAsync(GrainId grain, CancellationToken ct)
    {
        lock (owned)
        {
            var (epoch, holders) = owned.GetValueOrDefault(grain, (next, 0));
            owned[grain] = (epoch, holders + 1);
            return ValueTask.FromResult<long?>(epoch);
        }
    }

    public bool IsCurrent(GrainId grain, long epoch) => owned.TryGetValue(grain, out var current) && current.Epoch == epoch;

    public ValueTask ReleaseAsync(GrainId grain, long epoch)
    {
        lock (owned)
        {
            if (!owned.TryGetValue(grain, out var held) || held.Epoch != epoch)
                return ValueTask.CompletedTask;
            if (held.Holders > 1)
            {
                owned[grain] = (epoch, held.Holders - 1);
                return ValueTask.CompletedTask;
            }
            owned.TryRemove(grain, out _);
            next = Math.Max(next, epoch + 1);
        }
        return ValueTask.CompletedTask;
    }
}
