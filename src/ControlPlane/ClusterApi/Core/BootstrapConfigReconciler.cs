using System.Text;
using System.Text.Json.Nodes;
using Fleet.ControlPlane.Simulation.Objects;
using Fleet.Kubernetes.Objects;

namespace Fleet.ControlPlane.ClusterApi.Core;

/// <summary>Makes the bootstrap data Secret of a Machine, once its cluster can be joined.</summary>
internal sealed class BootstrapConfigReconciler(ResourceKind kind) : CapiReconciler(kind)
{
    protected override async ValueTask<TimeSpan?> ReconcileAsync(ManagementScope scope, JsonObject obj, JsonObject? cluster, CancellationToken ct)
    {
        var owner = obj.OwnerName("Machine") ?? obj.OwnerName("MachinePool");
        if (obj.IsDeleting() || cluster is null || owner is null || obj.Flag("status", "initialization", "dataSecretCreated"))
            return null;
        var waits = !ClusterContract.IsInfrastructureProvisioned(cluster) ? "WaitingForClusterInfrastructureReady"
            : obj.Label(CapiNames.ControlPlaneLabel) is null && !ClusterContract.IsControlPlaneInitialized(cluster) ? "WaitingForControlPlaneInitialized"
            : null;
        if (waits is null)
            await scope.EnsureAsync(CoreKinds.Secret, Secret(obj, cluster), ct);
        await scope.ChangeStatusAsync(Kind, obj.KeyOf(), s =>
        {
            var done = waits is null;
            s["observedGeneration"] = obj.Generation();
            s["ready"] = done;
            s.Ensure("initialization")["dataSecretCreated"] = done;
            if (done)
                s["dataSecretName"] = obj.NameOf();
            s.SetCondition(Condition.Of("DataSecretAvailable", done, waits ?? "Available"), scope.Now, obj.Generation());
            s.SetCondition(Condition.Of("Ready", done, waits ?? "Ready"), scope.Now, obj.Generation());
        }, ct);
        return null;
    }

    private static JsonObject Secret(JsonObject config, JsonObject cluster) => new()
    {
        ["apiVersion"] = "v1",
        ["kind"] = "Secret",
        ["type"] = CapiNames.SecretType,
        ["metadata"] = new JsonObject
        {
            ["name"] = config.NameOf(),
            ["namespace"] = config.NamespaceOf(),
            ["labels"] = new JsonObject { [CapiNames.ClusterLabel] = cluster.NameOf() },
            ["ownerReferences"] = new JsonArray(Ownership.ReferenceTo(config)),
        },
        ["data"] = Data(config, cluster),
    };

    /// <summary>The contract wants the key value alone; the kubeadm provider's Secrets have their format beside it.</summary>
    private static JsonObject Data(JsonObject config, JsonObject cluster)
    {
        var data = new JsonObject { ["value"] = Encode($"#cloud-config\n# simulated machine of cluster {cluster.NameOf()}: nothing is executed\n") };
        if (config.Text("kind") == "KubeadmConfig")
            data["format"] = Encode(config.Text("spec", "format") is { Length: > 0 } format ? format : "cloud-config");
        return data;
    }

    private static string Encode(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));
}
