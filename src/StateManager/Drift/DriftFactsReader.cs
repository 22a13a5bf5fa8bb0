using Fleet.Helm.Releases;
using Fleet.StateManager.Connections;
using Fleet.StateManager.ServiceSets;
using Fleet.StateManager.Services;

namespace Fleet.StateManager.Drift;

/// <summary>Adds to the facts of each service which of its objects are not as declared.</summary>
internal sealed class DriftFactsReader(TimeProvider clock)
{
    public async Task<IReadOnlyList<ServiceFacts>> ReadAsync(ServiceSetFacts facts, ConnectedCluster cluster, DriftMemory memory, CancellationToken ct)
    {
        memory.Forget(cluster.View.Inventory.Followed);
        if (facts.Settings is not { Problem: null, Mode: SyncMode.Continuous or SyncMode.ContinuousWithDriftDetection })
            return facts.Services;
        var services = new List<ServiceFacts>(facts.Services.Count);
        foreach (var service in facts.Services)
            services.Add(await ReadAsync(service, facts.Settings.Rules, cluster, memory, ct));
        return services;
    }

    private async Task<ServiceFacts> ReadAsync(
        ServiceFacts service, DriftRules rules, ConnectedCluster cluster, DriftMemory memory, CancellationToken ct)
    {
        // What somebody else has upgraded is no measure: it is upgraded again.
        if (service is not { Wanted: not null, OwnedBy: null, Record: { State: ReleaseState.Deployed } record }
            || DeployedHash.Parse(service.Last?.LastDeployedHash)?.Revision != record.Revision)
            return service;
        if (await DriftDetector.FindAsync(service.Release, record.Revision, rules, cluster, memory, ct) is not var (drifts, isComplete))
            return service;
        var now = clock.GetUtcNow();
        return service with
        {
            Drifted = [.. drifts.Select(d => new DriftedObject(d, memory.AttemptsOf(service.Release, d.Object) is { } a && !a.IsOver(now) ? a : null))],
            IsDriftIncomplete = !isComplete,
            NotWatched = cluster.View.Inventory.ProblemsOf(service.Release),
        };
    }
}
