using Fleet.Helm.Releases;

namespace Fleet.StateManager.Health;

/// <summary>
/// Objects that were read from the API server right after an upgrade and that the watch has not shown yet. Until it has, what was read counts: the
/// watch still shows the healthy objects of the revision before, and a service would be called Deployed that is only about to roll out.
/// </summary>
internal sealed class FreshObjects(TimeProvider clock)
{
    /// <summary>A watch that is this late is broken, which its informer tells; what was read has become the older news by then.</summary>
    internal static readonly TimeSpan Trusted = TimeSpan.FromMinutes(1);

    private readonly Lock gate = new();
    private readonly Dictionary<ReleaseName, (List<ObjectHealth> Objects, DateTimeOffset ReadAt)> reads = [];

    /// <summary>Replaces what was read of the release before.</summary>
    public void Read(ReleaseName release, IReadOnlyCollection<ObjectHealth> objects)
    {
        lock (gate)
        {
            if (objects.Count == 0)
                reads.Remove(release);
            else
                reads[release] = ([.. objects], clock.GetUtcNow());
        }
    }

    /// <summary>The objects of a release: those of the watch, or what was read where that is newer. What the watch has shown once is forgotten.</summary>
    public IReadOnlyList<ObjectHealth> Over(ReleaseName release, IReadOnlyList<ObjectHealth> watched)
    {
        lock (gate)
        {
            if (!reads.TryGetValue(release, out var read))
                return watched;
            read.Objects.RemoveAll(fresh => watched.Any(w => w.IsAsNewAs(fresh)));
            if (read.Objects.Count == 0 || clock.GetUtcNow() - read.ReadAt >= Trusted)
            {
                reads.Remove(release);
                return watched;
            }
            return [.. watched.Where(w => !read.Objects.Exists(w.IsSameAs)), .. read.Objects];
        }
    }
}
