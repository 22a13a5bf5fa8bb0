using System.Text.Json.Nodes;
using Fleet.ControlPlane.ClusterApi.Definitions;
using Fleet.ControlPlane.ClusterApi.Faults;
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
    /// <summary>How soon credentials that went bad (no change of ours tells) are noticed.</summary>
    private static readonly TimeSpan LookAtCredentials = TimeSpan.FromSeconds(30);

    private readonly string finalizer = $"{kind.Kind.ToLowerInvariant()}.{kind.Group}";

    protected override async ValueTask<TimeSpan?> ReconcileAsync(ManagementScope scope, JsonObject obj, JsonObject? cluster, CancellationToken ct)
    {
        // An externally managed one is somebody else's, its deletion too.
        if (ClusterContract.IsExternallyManaged(obj))
            return null;
        if (obj.IsDeleting())
            return await DeleteAsync(scope, obj, cluster, ct);
        // The contract: nothing happens before the core has set the owner.
        if (cluster is null || obj.OwnerName("Cluster") is null)
            return null;
        var name = scope.Names.Of(cluster.KeyOf());
        await scope.ChangeAsync(Kind, obj.KeyOf(), i =>
            i.Hold(finalizer) | i.Ensure("metadata", "annotations").Put(SimulationAnnotations.WorkloadCluster, name), ct);
        foreach (var problem in ProvisioningFaults.Problems(obj).Concat(ProvisioningFaults.Problems(cluster)))
            await scope.RecordAsync(obj, "Warning", "InvalidAnnotation", problem, Source, ct);

        if (IdentityCheck.Problem(scope, obj, cluster) is { } refused)
            return await WaitAsync(scope, obj, refused, Retry, ct);
        if (ProvisioningFaults.Failure(obj, "ProvisioningFailed", cluster) is { } failure)
            return await WaitAsync(scope, obj, failure, null, ct);
        var left = scope.Steps.Left(obj.Uid(), "network", ProvisioningFaults.Slowed(obj, cluster, scope.Options.Timings.NetworkReady));
        if (left > TimeSpan.Zero && !obj.Flag("status", "initialization", "provisioned"))
            return await WaitAsync(scope, obj, new("Provisioning", $"{ProviderNames.Of(Kind).NetworkWord} is being created"), left, ct);

        scope.Clusters.Start(name).Fault = ApiFaults.Of(obj, cluster);
        await ProvisionAsync(scope, obj, cluster, ct);
        return IdentityCheck.HasIdentity(obj) ? LookAtCredentials : null;
    }

    private string Source => $"{Kind.Kind.ToLowerInvariant()}-controller";

    private async ValueTask ProvisionAsync(ManagementScope scope, JsonObject obj, JsonObject cluster, CancellationToken ct)
    {
        var endpoint = ProviderNames.Endpoint(obj, cluster);
        await scope.ChangeAsync(Kind, obj.KeyOf(), i =>
            i.Text("spec", "controlPlaneEndpoint", "host") is not { Length: > 0 } && i.Ensure("spec").Put("controlPlaneEndpoint", endpoint), ct);
        await scope.ChangeStatusAsync(Kind, obj.KeyOf(), s =>
        {
            s["ready"] = true;
            s.Ensure("initialization")["provisioned"] = true;
            s.Put("failureDomains", ProviderNames.FailureDomains(obj));
            s.SetCondition(Condition.True("Ready", "Ready"), scope.Now, obj.Generation());
            s.SetCondition(Condition.False("Paused", "NotPaused"), scope.Now, obj.Generation());
            foreach (var condition in ProviderNames.Of(Kind).ClusterConditions)
                s.SetCondition(Condition.True(condition, "Ready"), scope.Now, obj.Generation());
        }, ct);
    }

    private async ValueTask<TimeSpan?> WaitAsync(ManagementScope scope, JsonObject obj, Failure failure, TimeSpan? again, CancellationToken ct)
    {
        await scope.ChangeStatusAsync(Kind, obj.KeyOf(), s =>
        {
            // What is provisioned stays so: the contract forbids taking it back.
            s["ready"] ??= false;
            s.WriteTerminal(failure);
            s.SetCondition(Condition.False("Ready", failure.Reason, failure.Message), scope.Now, obj.Generation());
        }, ct);
        if (failure.Reason != "Provisioning" && obj.FindCondition("Ready")?.Text("message") != failure.Message)
            await scope.RecordAsync(obj, "Warning", failure.Reason, failure.Message, Source, ct);
        return again;
    }

    private async ValueTask<TimeSpan?> DeleteAsync(ManagementScope scope, JsonObject obj, JsonObject? cluster, CancellationToken ct)
    {
        if (DeletionBlocker(scope, obj, cluster) is { } blocker)
            return await WaitAsync(scope, obj, blocker, Retry, ct);
        var left = scope.Steps.Left(obj.Uid(), "delete", ProvisioningFaults.Slowed(obj, cluster, scope.Options.Timings.Deprovision));
        if (left > TimeSpan.Zero)
        {
            await scope.ChangeStatusAsync(Kind, obj.KeyOf(), s =>
                s.SetCondition(Condition.False("Ready", "Deleting", $"{ProviderNames.Of(Kind).NetworkWord} is being deleted"), scope.Now, obj.Generation()), ct);
            return left;
        }
        // Machines that are still there would lose their cluster; the core deletes them first, a user may not have.
        if (cluster is not null && Array.Exists(scope.Members.Of(cluster.KeyOf()),
            m => KindRoles.Of(m.Kind.Group, m.Kind.Kind) == KindRole.InfrastructureMachine && scope.Api.Get(m.Kind, m.Key) is not null))
            return Retry;
        if (obj.Annotation(SimulationAnnotations.WorkloadCluster) is { } name)
            scope.Clusters.Remove(name);
        scope.Steps.Forget(obj.Uid(), "delete");
        await scope.ChangeAsync(Kind, obj.KeyOf(), i => i.LetGo(finalizer), ct);
        return null;
    }

    /// <summary>What was never made needs no credentials to be deleted.</summary>
    private static Failure? DeletionBlocker(ManagementScope scope, JsonObject obj, JsonObject? cluster)
    {
        if (ProvisioningFaults.DeletionFailure(obj) is { } message)
            return new("DeletionFailed", message);
        return obj.Flag("status", "initialization", "provisioned") ? IdentityCheck.Problem(scope, obj, cluster) : null;
    }
}
