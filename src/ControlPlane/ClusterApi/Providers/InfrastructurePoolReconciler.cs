using System.Text.Json.Nodes;
using Fleet.ControlPlane.Simulation.Nodes;
using Fleet.ControlPlane.Simulation.Objects;
using Fleet.Kubernetes.Objects;

namespace Fleet.ControlPlane.ClusterApi.Providers;

/// <summary>Any provider's machine pool kind, by the InfraMachinePool contract: as many Nodes as the MachinePool has replicas.</summary>
internal sealed class InfrastructurePoolReconciler(ResourceKind kind) : CapiReconciler(kind)
{
    private readonly string finalizer = $"{kind.Kind.ToLowerInvariant()}.{kind.Group}";

    protected override async ValueTask<TimeSpan?> ReconcileAsync(ManagementScope scope, JsonObject obj, JsonObject? cluster, CancellationToken ct)
    {
        if (cluster is null || obj.OwnerName("MachinePool") is not { } owner)
            return obj.IsDeleting() ? await ReleaseAsync(scope, obj, ct) : null;
        var workload = scope.Names.Of(cluster.KeyOf());
        if (obj.IsDeleting())
        {
            for (var i = 0; i < (obj.Number("status", "replicas") ?? 0); i++)
                await scope.Clusters.RemoveNodeAsync(workload, NodeName(obj, i), ct);
            return await ReleaseAsync(scope, obj, ct);
        }
        await scope.ChangeAsync(Kind, obj.KeyOf(), i => i.Hold(finalizer), ct);
        if (scope.Api.Get(scope.Core("MachinePool"), new(obj.NamespaceOf(), owner)) is not { } pool)
            return Retry;
        if (!cluster.Flag("status", "initialization", "controlPlaneInitialized"))
            return null;
        if (ProvisioningFaults.Failure(obj) is { } failure)
        {
            await scope.ChangeStatusAsync(Kind, obj.KeyOf(), s => s.SetCondition(Condition.False("Ready", "ProvisioningFailed", failure), scope.Now, obj.Generation()), ct);
            return null;
        }
        var left = scope.Steps.Left(obj.Uid(), "boot", ProvisioningFaults.Slowed(obj, scope.Options.Timings.MachineBoot));
        if (left > TimeSpan.Zero && !obj.Flag("status", "initialization", "provisioned"))
            return left;
        var wanted = pool.Number("spec", "replicas") ?? 1;
        await ScaleAsync(scope, workload, obj, pool, cluster, wanted, ct);
        return null;
    }

    private async ValueTask ScaleAsync(
        ManagementScope scope, string workload, JsonObject obj, JsonObject pool, JsonObject cluster, int wanted, CancellationToken ct)
    {
        var infrastructureCluster = scope.Get(ContractReference.Read(cluster.Child("spec", "infrastructureRef"), cluster.NamespaceOf())) ?? [];
        var ids = new JsonArray();
        for (var i = 0; i < wanted; i++)
        {
            var node = Node(obj, pool, cluster, infrastructureCluster, i);
            ids.Add(node.ProviderId);
            await scope.Clusters.AddNodeAsync(workload, node, ct);
        }
        for (var i = wanted; i < (obj.Number("status", "replicas") ?? 0); i++)
            await scope.Clusters.RemoveNodeAsync(workload, NodeName(obj, i), ct);
        await scope.ChangeAsync(Kind, obj.KeyOf(), o => o.Ensure("spec").Put("providerIDList", ids.DeepClone()), ct);
        await scope.ChangeStatusAsync(Kind, obj.KeyOf(), s =>
        {
            s["ready"] = true;
            s.Ensure("initialization")["provisioned"] = true;
            s["replicas"] = wanted;
            s.SetCondition(Condition.True("Ready", "Ready"), scope.Now, obj.Generation());
        }, ct);
    }

    private static NodeSpec Node(JsonObject obj, JsonObject pool, JsonObject cluster, JsonObject infrastructureCluster, int index)
    {
        var single = new JsonObject
        {
            ["kind"] = obj.Text("kind"),
            ["metadata"] = new JsonObject { ["name"] = NodeName(obj, index), ["uid"] = $"{obj.Uid()}/{index}" },
            ["spec"] = obj.Child("spec")?.DeepClone() ?? new JsonObject(),
        };
        var zone = MachineNames.Zone(single, infrastructureCluster);
        return new(NodeName(obj, index), MachineNames.ProviderId(single, infrastructureCluster, zone), MachineContext.Version(pool.Text("spec", "template", "spec", "version")))
        {
            Type = MachineNames.TypeOf(single),
            Region = ProviderNames.Region(infrastructureCluster),
            Zone = zone,
            Address = MachineNames.Address($"{obj.Uid()}/{index}"),
            Labels = new Dictionary<string, string>(StringComparer.Ordinal) { [CapiNames.PoolLabel] = pool.NameOf() },
            Annotations = new Dictionary<string, string>(StringComparer.Ordinal) { [CapiNames.ClusterLabel] = cluster.NameOf() },
        };
    }

    private static string NodeName(JsonObject obj, int index) => $"{obj.NameOf()}-{StableHash.Suffix($"{obj.Uid()}/{index}", 5)}";

    private async ValueTask<TimeSpan?> ReleaseAsync(ManagementScope scope, JsonObject obj, CancellationToken ct)
    {
        await scope.ChangeAsync(Kind, obj.KeyOf(), i => i.LetGo(finalizer), ct);
        return null;
    }
}
