using Fleet.Control.Grains;
using Fleet.StateManager.Connections;
using Fleet.StateManager.Drift;
using Fleet.StateManager.Reloading;

namespace Fleet.StateManager.ServiceSets;

/// <summary>What is done to single objects of releases, without helm: drift is taken back and told, workloads are rolled.</summary>
internal sealed class ObjectKeeping(DriftCorrector corrector, DriftReports reports, WorkloadReloads reloads)
{
    public async Task<ServiceSetPlan> RunAsync(
        ServiceSetFacts facts, ServiceSetPlan plan, ConnectedCluster? cluster, DriftMemory drift, GrainOwnership ownership, CancellationToken ct)
    {
        if (cluster is not null)
            plan = await corrector.RunAsync(plan, facts.Settings.Rules, cluster, drift, ownership, ct);
        reports.Tell(facts, plan);
        // After the correction: what is rolled is what is declared.
        return cluster is null ? plan : await reloads.RunAsync(facts, plan, cluster, ownership, ct);
    }
}
