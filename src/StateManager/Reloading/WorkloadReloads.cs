using Fleet.Control.Grains;
using Fleet.Kubernetes.Resources;
using Fleet.StateManager.Connections;
using Fleet.StateManager.Drift;
using Fleet.StateManager.Inventory;
using Fleet.StateManager.Manifests;
using Fleet.StateManager.ServiceSets;

namespace Fleet.StateManager.Reloading;

/// <summary>
/// Rolls the workloads of services when a ConfigMap or Secret that their pods take something from has changed: without helm and without a new revision,
/// and by annotations that no manifest states, so that it is nobody's drift.
/// </summary>
internal sealed class WorkloadReloads(ServiceEvents events)
{
    private static readonly string[] Kinds = ["Deployment", "StatefulSet", "DaemonSet"];

    /// <summary>A cluster that refuses may do otherwise when somebody has given the right.</summary>
    private static readonly TimeSpan AgainAfter = TimeSpan.FromMinutes(1);

    /// <summary>The same plan, to be looked at again soon where something could not be done.</summary>
    public async Task<ServiceSetPlan> RunAsync(ServiceSetFacts facts, ServiceSetPlan plan, ConnectedCluster cluster, GrainOwnership ownership, CancellationToken ct)
    {
        if (facts is { IsPaused: true } or { IsDeleting: true } || facts.Settings is { Problem: not null } or { Mode: SyncMode.DryRun } || !ReloadSettings.Of(facts.Object.Spec.Provider?.Config))
            return plan;
        var services = new List<PlannedService>(plan.Services.Count);
        foreach (var service in plan.Services)
            services.Add(service is { IsInPlace: true, Held: null, Action: ServiceAction.Keep } && !await ReloadAsync(facts, service, cluster, ownership, ct)
                ? service with { CheckAgainAfter = new[] { service.CheckAgainAfter, AgainAfter }.Min() }
                : service);
        return plan with { Services = services };
    }

    /// <summary>False when not everything could be told or done.</summary>
    private async Task<bool> ReloadAsync(ServiceSetFacts facts, PlannedService service, ConnectedCluster cluster, GrainOwnership ownership, CancellationToken ct)
    {
        var isDone = true;
        foreach (var workload in cluster.View.Inventory.ObjectsOf(service.Release).Where(o => o.Object.Type.Group == "apps" && Kinds.Contains(o.Object.Type.Kind)))
        {
            if (workload is not { Object.Kind: { } kind, Live: { IsBeingDeleted: false } live })
                continue;
            var content = live.Content.Read();
            var sources = PodSources.Of(content["spec"]?["template"], workload.Object.Key.Namespace);
            if (sources.Count == 0)
                continue;
            try
            {
                if (await cluster.View.Mounts.HashAsync(sources, ct) is not { } hash)
                    return false;
                var step = ReloadPlanner.Plan(content, hash);
                if (ReloadPlanner.Patch(step) is not { } patch)
                    continue;
                var written = await cluster.Client.Dynamic(kind).PatchFencedAsync(workload.Object.Key, null, patch, new() { FieldManager = FoundationLayer.Manager }, ownership, ct);
                if (written is not null && step.Action == ReloadAction.Roll)
                    Tell(facts, service, workload.Object, true, $"{workload.Object} is rolled: {string.Join(", ", sources)} changed");
            }
            catch (KubeApiException e)
            {
                isDone = false;
                Tell(facts, service, workload.Object, false, $"{workload.Object} cannot be kept with what it mounts: {e.Message}");
            }
        }

        return isDone;
    }

    private void Tell(ServiceSetFacts facts, PlannedService service, InventoryObject workload, bool isGood, string words) =>
        events.Object(facts.Object, workload, isGood, isGood ? "WorkloadReloaded" : "ReloadFailed", "Reload", $"{service.Release}: {words}");
}
