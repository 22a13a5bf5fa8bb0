using System.Text.Json.Nodes;
using Fleet.ControlPlane.ClusterApi.Faults;
using Fleet.ControlPlane.Simulation.Objects;
using Fleet.Kubernetes.Objects;

namespace Fleet.ControlPlane.ClusterApi.Core;

/// <summary>
/// Any control plane kind: with Machines where its spec has an infrastructure template (kubeadm, k0s), hosted or managed where it has none
/// (K0smotron, EKS, AKS, GKE, simulated).
/// </summary>
internal sealed class ControlPlaneReconciler(ResourceKind kind) : CapiReconciler(kind)
{
    private readonly string finalizer = kind.Kind.StartsWith("Kubeadm", StringComparison.Ordinal)
        ? "kubeadm.controlplane.cluster.x-k8s.io"
        : $"{kind.Kind.ToLowerInvariant()}.{kind.Group}";

    protected override async ValueTask<TimeSpan?> ReconcileAsync(ManagementScope scope, JsonObject obj, JsonObject? cluster, CancellationToken ct)
    {
        var machines = cluster is null ? [] : scope.MembersOf(cluster.KeyOf(), "Machine").Where(m => m.IsControlledBy(obj)).ToList();
        if (obj.IsDeleting())
            return await DeleteAsync(scope, obj, cluster, machines, ct);
        // Until the Cluster has taken it over it belongs to nobody, even if a label names one.
        if (cluster is null || obj.OwnerName("Cluster") is null)
            return null;
        await scope.ChangeAsync(Kind, obj.KeyOf(), c => c.Hold(finalizer), ct);

        var facts = MachineTemplate(obj) is { } template
            ? await OfMachinesAsync(scope, obj, cluster, template, machines, ct)
            : Hosted(scope, obj, cluster);
        if (ClusterContract.IsInfrastructureProvisioned(cluster))
        {
            var served = scope.Clusters.Start(scope.Names.Of(cluster.KeyOf()));
            // Until a node tells, what was asked for: whoever asks the server for its version does so as soon as there is a kubeconfig.
            served.KubernetesVersion = facts.State.Version ?? served.KubernetesVersion ?? obj.Text("spec", "version");
            await ClusterSecrets.EnsureAsync(scope, cluster, obj, ct);
        }
        await scope.ChangeStatusAsync(Kind, obj.KeyOf(), s => ControlPlaneStatus.Write(s, obj, facts.State, scope.Now), ct);
        return facts.Again;
    }

    private static async ValueTask<(ControlPlaneState State, TimeSpan? Again)> OfMachinesAsync(
        ManagementScope scope, JsonObject controlPlane, JsonObject cluster, ContractReference template, List<JsonObject> machines, CancellationToken ct)
    {
        var compared = await ControlPlaneScaling.CompareAsync(scope, controlPlane, template, machines, ct);
        var step = ClusterContract.IsInfrastructureProvisioned(cluster)
            ? ControlPlanePlanner.Plan(controlPlane, compared, ControlPlaneScaling.FailureDomains(cluster))
            : default;
        var again = await ControlPlaneScaling.StepAsync(scope, controlPlane, cluster, template, compared, step, ct);
        return (ControlPlaneState.OfMachines(controlPlane, compared, step.Waits), again);
    }

    /// <summary>Without Machines: up after a while, and after a while at each new version.</summary>
    private static (ControlPlaneState State, TimeSpan? Again) Hosted(ManagementScope scope, JsonObject controlPlane, JsonObject cluster)
    {
        var up = controlPlane.Flag("status", "initialization", "controlPlaneInitialized");
        if (!ClusterContract.IsInfrastructureProvisioned(cluster))
            return (ControlPlaneState.Hosted(controlPlane, up, upgrading: false), null);
        var (wanted, has) = (controlPlane.Text("spec", "version"), controlPlane.Text("status", "version"));
        var upgrading = up && wanted is not null && has is not null && wanted != has;
        if (up && !upgrading)
            return (ControlPlaneState.Hosted(controlPlane, up, upgrading), null);
        var left = scope.Steps.Left(controlPlane.Uid(), upgrading ? $"version {wanted}" : "hosted", ProvisioningFaults.Slowed(controlPlane, cluster, scope.Options.Timings.MachineBoot));
        if (left > TimeSpan.Zero)
            return (ControlPlaneState.Hosted(controlPlane, up, upgrading), left);
        scope.Steps.Forget(controlPlane.Uid(), $"version {wanted}");
        return (ControlPlaneState.Hosted(controlPlane, up: true, upgrading: false), null);
    }

    /// <summary>In contract v1beta2 below <c>machineTemplate.spec</c>, before directly below <c>machineTemplate</c>.</summary>
    internal static ContractReference? MachineTemplate(JsonObject controlPlane) => ContractReference.Read(
        controlPlane.Child("spec", "machineTemplate", "spec", "infrastructureRef") ?? controlPlane.Child("spec", "machineTemplate", "infrastructureRef"),
        controlPlane.NamespaceOf());

    private async ValueTask<TimeSpan?> DeleteAsync(
        ManagementScope scope, JsonObject controlPlane, JsonObject? cluster, List<JsonObject> machines, CancellationToken ct)
    {
        var workers = cluster is null ? 0 : scope.MembersOf(cluster.KeyOf(), "Machine").Count(m => !m.IsControlPlaneMachine());
        if (machines.Count == 0)
        {
            await scope.ChangeAsync(Kind, controlPlane.KeyOf(), c => c.LetGo(finalizer), ct);
            return null;
        }
        // Workers first: they need the control plane to leave in order.
        if (workers == 0)
        {
            foreach (var machine in machines.Where(m => !m.IsDeleting()))
                await scope.DeleteAsync(scope.Core("Machine"), machine.KeyOf(), ct);
        }
        await scope.ChangeStatusAsync(Kind, controlPlane.KeyOf(), s => s.SetCondition(Condition.True("Deleting",
            workers > 0 ? "WaitingForWorkersDeletion" : "WaitingForMachineDeletion",
            workers > 0 ? $"{Kind.Kind} deletion blocked because {workers} worker Machines still exist" : $"Deleting {machines.Count} Machines"),
            scope.Now, controlPlane.Generation()), ct);
        return workers > 0 ? Retry : null;
    }
}
