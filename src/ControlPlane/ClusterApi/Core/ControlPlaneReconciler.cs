using System.Text.Json.Nodes;
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

        var template = MachineTemplate(obj);
        var provisioned = cluster.Flag("status", "initialization", "infrastructureProvisioned");
        TimeSpan? again = null;
        if (provisioned)
        {
            scope.Clusters.Start(scope.Names.Of(cluster.KeyOf())).KubernetesVersion = obj.Text("spec", "version");
            await ClusterSecrets.EnsureAsync(scope, cluster, obj, ct);
            again = template is { } reference ? await ControlPlaneScaling.StepAsync(scope, obj, cluster, reference, machines, ct) : HostedWait(scope, obj);
        }
        var hosted = template is null && provisioned && again is null;
        var facts = template is null
            ? ControlPlaneState.Hosted(obj, hosted)
            : ControlPlaneState.OfMachines(obj, template.Value, machines);
        await scope.ChangeStatusAsync(Kind, obj.KeyOf(), s => ControlPlaneStatus.Write(s, obj, facts, scope.Now), ct);
        return again;
    }

    /// <summary>In contract v1beta2 below <c>machineTemplate.spec</c>, before directly below <c>machineTemplate</c>.</summary>
    internal static ContractReference? MachineTemplate(JsonObject controlPlane) => ContractReference.Read(
        controlPlane.Child("spec", "machineTemplate", "spec", "infrastructureRef") ?? controlPlane.Child("spec", "machineTemplate", "infrastructureRef"),
        controlPlane.NamespaceOf());

    private static TimeSpan? HostedWait(ManagementScope scope, JsonObject controlPlane)
    {
        var left = scope.Steps.Left(controlPlane.Uid(), "hosted", ProvisioningFaults.Slowed(controlPlane, scope.Options.Timings.MachineBoot));
        return left > TimeSpan.Zero && !controlPlane.Flag("status", "initialization", "controlPlaneInitialized") ? left : null;
    }

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
