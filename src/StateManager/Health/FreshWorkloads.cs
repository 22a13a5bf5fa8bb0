using Fleet.Helm.Releases;

namespace Fleet.StateManager.Health;

/// <summary>
/// Workloads that were read from the API server right after an upgrade and that the watch has not shown yet. Until it has, what was read counts: the
/// watch still shows the healthy workloads of the revision before, and a service would be called Deployed that is only about to roll out.
/// </summary>
internal sealed class FreshWorkloads(TimeProvider clock)
{
    /// <summary>A watch that is this late is broken, which its informer tells; what was read has become the older news by then.</summary>
    internal static readonly TimeSpan Trusted = TimeSpan.FromMinutes(1);

    private readonly Lock gate = new();
    private readonly Dictionary<ReleaseName, (List<Workload> Workloads, DateTimeOffset ReadAt)> reads = [];

    /// <summary>Replaces what was read of the release before.</summary>
    public void Read(ReleaseName release, IEnumerable<Workload> workloads)
    {
        lock (gate)
            reads[release] = ([.. workloads], clock.GetUtcNow());
    }

    /// <summary>The watch has shown this state of a workload.</summary>
    public void Seen(Workload workload) => Forget(workload.Release, fresh => workload.Id.IsAsNewAs(fresh));

    /// <summary>The watch has shown the end of a workload.</summary>
    public void Gone(Workload workload) => Forget(workload.Release, fresh => fresh.Kind == workload.Id.Kind && fresh.Key == workload.Id.Key && fresh.Uid == workload.Id.Uid);

    /// <summary>The workloads of a release: those of the watch, or what was read where that is newer.</summary>
    public IReadOnlyList<Workload> Over(ReleaseName release, IEnumerable<Workload> watched)
    {
        var result = watched.ToList();
        foreach (var fresh in Of(release))
        {
            var at = result.FindIndex(w => w.Id.Kind == fresh.Id.Kind && w.Id.Key == fresh.Id.Key);
            if (at < 0)
                result.Add(fresh);
            else if (!result[at].Id.IsAsNewAs(fresh.Id))
                result[at] = fresh;
        }

        return result;
    }

    private List<Workload> Of(ReleaseName release)
    {
        lock (gate)
        {
            if (!reads.TryGetValue(release, out var read))
                return [];
            if (clock.GetUtcNow() - read.ReadAt < Trusted)
                return [.. read.Workloads];
            reads.Remove(release);
            return [];
        }
    }

    private void Forget(ReleaseName release, Predicate<WorkloadId> isOlder)
    {
        lock (gate)
        {
            if (!reads.TryGetValue(release, out var read))
                return;
            read.Workloads.RemoveAll(w => isOlder(w.Id));
            if (read.Workloads.Count == 0)
                reads.Remove(release);
        }
    }
}
