using System.Text.Json.Nodes;
using Fleet.ControlPlane.Simulation;
using Fleet.ControlPlane.Simulation.Objects;
using Fleet.Kubernetes.Objects;

namespace Fleet.ControlPlane.ClusterApi.Providers;

/// <summary>
/// Any provider's cluster kind, by the InfraCluster contract: once owned by a Cluster it gets an endpoint and becomes provisioned;
/// behind it a simulated cluster is started. Its deletion ends that cluster.
/// </summary>
internal sealed class InfrastructureClusterReconciler(ResourceKind kind) : CapiReconciler(kind)
{
    private readonly string finalizer = $"{kind.Kind.ToLowerInvariant()}.{kind.Group}";

    protected override async ValueTask<TimeSpan?> ReconcileAsync(ManagementScope scope, JsonObject obj, JsonObject? cluster, CancellationToken ct)
    {
        if (obj.IsDeleting())
            return await DeleteAsync(scope, obj, cluster, ct);
        // The contract: nothing happens before the core has set the owner. An externally managed one is somebody else's.
        if (cluster is null || obj.OwnerName("Cluster") is null || obj.Annotation(CapiNames.ManagedByAnnotation) is not null)
            return null;
        var name = scope.Names.Of(cluster.KeyOf());
        await scope.ChangeAsync(Kind, obj.KeyOf(), i =>
            i.Hold(finalizer) | i.Ensure("metadata", "annotations").Put(SimulationAnnotations.WorkloadCluster, name), ct);

        if (IdentityCheck.Problem(scope, obj) is { } problem)
            return await WaitAsync(scope, obj, problem.Reason, problem.Message, Retry, ct);
        if (ProvisioningFaults.Failure(obj) is { } failure)
            return await WaitAsync(scope, obj, "ProvisioningFailed", failure, null, ct);
        var left = scope.Steps.Left(obj.Uid(), "network", ProvisioningFaults.Slowed(obj, scope.Options.Timings.NetworkReady));
        if (left > TimeSpan.Zero && !obj.Flag("status", "initialization", "provisioned"))
            return await WaitAsync(scope, obj, "Provisioning", $"{ProviderNames.Of(Kind).NetworkWord} is being created", left, ct);

        scope.Clusters.Start(name);
        var endpoint = ProviderNames.Endpoint(obj, cluster);
        await scope.ChangeAsync(Kind, obj.KeyOf(), i =>
            i.Text("spec", "controlPlaneEndpoint", "host") is not { Length: > 0 } && i.Ensure("spec").Put("controlPlaneEndpoint", endpoint), ct);
        await scope.ChangeStatusAsync(Kind, obj.KeyOf(), s =>
        {
            s["ready"] = true;
            s.Ensure("initialization")["provisioned"] = true;
            s.Put("failureDomains", ProviderNames.FailureDomains(obj));
            s.SetCondition(Condition.True("Ready", "Ready"), scope.Now, obj.Generation());
            foreach (var condition in ProviderNames.Of(Kind).ClusterConditions)
                s.SetCondition(Condition.True(condition, "Ready"), scope.Now, obj.Generation());
        }, ct);
        return null;
    }

    private async ValueTask<TimeSpan?> WaitAsync(ManagementScope scope, JsonObject obj, string reason, string message, TimeSpan? again, CancellationToken ct)
    {
        await scope.ChangeStatusAsync(Kind, obj.KeyOf(), s =>
        {
            // What is provisioned stays so: the contract forbids taking it back.
            s["ready"] ??= false;
            s.SetCondition(Condition.False("Ready", reason, message), scope.Now, obj.Generation());
        }, ct);
        if (reason != "Provisioning" && obj.FindCondition("Ready")?.Text("message") != message)
            await scope.RecordAsync(obj, "Warning", reason, message, $"{Kind.Kind.ToLowerInvariant()}-controller", ct);
        return again;
    }

    private async ValueTask<TimeSpan?> DeleteAsync(ManagementScope scope, JsonObject obj, JsonObject? cluster, CancellationToken ct)
    {
        var left = scope.Steps.Left(obj.Uid(), "delete", ProvisioningFaults.Slowed(obj, scope.Options.Timings.Deprovision));
        if (left > TimeSpan.Zero)
        {
            await scope.ChangeStatusAsync(Kind, obj.KeyOf(), s =>
                s.SetCondition(Condition.False("Ready", "Deleting", $"{ProviderNames.Of(Kind).NetworkWord} is being deleted"), scope.Now, obj.Generation()), ct);
            return left;
        }
        // Machines that are still there would lose their cluster; the core deletes them first, a user may not have.
        if (cluster is not null && Array.Exists(scope.Members.Of(cluster.KeyOf()), m => m.Kind.Kind == "Machine" && scope.Api.Get(m.Kind, m.Key) is not null))
            return Retry;
        if (obj.Annotation(SimulationAnnotations.WorkloadCluster) is { } name)
            scope.Clusters.Remove(name);
        scope.Steps.Forget(obj.Uid(), "delete");
        await scope.ChangeAsync(Kind, obj.KeyOf(), i => i.LetGo(finalizer), ct);
        return null;
    }
}
