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
        if (!facts.Settings.LooksForDrift)
            return facts.Services;
        var services = new List<ServiceFacts>(facts.Services.Count);
        foreach (var service in facts.Services)
            services.Add(await ReadAsync(service, facts, cluster, memory, ct));
        return services;
    }

    private async Task<ServiceFacts> ReadAsync(
        ServiceFacts service, ServiceSetFacts facts, ConnectedCluster cluster, DriftMemory memory, CancellationToken ct)
    {
        // What somebody else has upgraded is no measure: it is upgraded again.
        if (service is not { Wanted: not null, OwnedBy: null, Record: { State: ReleaseState.Deployed } record }
            || DeployedHash.Parse(service.Last?.LastDeployedHash) is not { } deployed || deployed.Revision != record.Revision)
            return service;
        // The source states the foundations: they are a measure while it is what was deployed.
        var isDeployed = service.Source is ServiceSource.Found { Foundations.Count: > 0 } source && ServiceSetPlanner.FingerprintOf(service, source, facts.Target.Uid) == deployed.Fingerprint;
        if (await DriftDetector.FindAsync(service.Release, record.Revision, isDeployed, facts.Settings.Rules, cluster, memory, ct) is not var (drifts, isComplete))
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
