using System.Collections.Concurrent;
using Fleet.ClusterManager.Releases;
using Fleet.Control.Queueing;
using Fleet.Helm.Releases;

namespace Fleet.ClusterManager.Components;

/// <summary>
/// Part of the grain of a Management or Region: how the last attempts at each release went, and what each revision is made of, so that nobody unpacks
/// helm's records again and again. May be lost at any time.
/// </summary>
internal sealed class ComponentMemory(TimeProvider clock, IJitterSource jitter)
{
    private readonly ConcurrentDictionary<ReleaseName, ReleaseAttempts> attempts = new();
    private readonly ConcurrentDictionary<ReleaseName, (string Record, IReadOnlyList<RenderedObject> Objects)> rendered = new();

    /// <summary>Somebody who deletes an object again and again is not answered with a helm each time.</summary>
    private static readonly TimeSpan BetweenRepairs = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<ReleaseName, DateTimeOffset> repairs = new();

    /// <summary>How long to wait before an object that was deleted is made again; zero when it may be done now, which is noted.</summary>
    public TimeSpan UntilRepair(ReleaseName release)
    {
        var now = clock.GetUtcNow();
        if (repairs.TryGetValue(release, out var last) && last + BetweenRepairs - now is { Ticks: > 0 } left)
            return left;
        repairs[release] = now;
        return TimeSpan.Zero;
    }

    public ReleaseAttempts AttemptsAt(ReleaseName release) => attempts.GetOrAdd(release, _ => new(clock, jitter));

    /// <param name="release">The release.</param>
    /// <param name="record">Uid of the record of a revision.</param>
    /// <param name="read">Reads what the revision is made of.</param>
    public IReadOnlyList<RenderedObject> Rendered(ReleaseName release, string record, Func<IReadOnlyList<RenderedObject>> read)
    {
        if (rendered.TryGetValue(release, out var known) && known.Record == record)
            return known.Objects;
        var objects = read();
        rendered[release] = (record, objects);
        return objects;
    }

    public void Forget(ReleaseName release)
    {
        attempts.TryRemove(release, out _);
        repairs.TryRemove(release, out _);
        rendered.TryRemove(release, out _);
    }
}
