using System.Text.Json.Nodes;
using Fleet.ClusterManager.Capi;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Resources;

namespace Fleet.ClusterManager.Upgrades;

/// <summary>Reads what makes machines in a cluster. A kind that is not served has no objects; everything else that fails throws.</summary>
internal sealed class LiveMachinesReader(IKubernetesClient client, CapiTree tree)
{
    public async Task<LiveMachines> ReadAsync(ObjectKey cluster, CancellationToken ct)
    {
        var root = await tree.KindAsync(CapiReader.Group, "Cluster", ct) is { } kind ? await client.Dynamic(kind).GetAsync(cluster, ct) : null;
        if (root is null)
            return new();
        return new()
        {
            ControlPlane = await tree.FollowAsync(root.At("spec", "controlPlaneRef"), cluster.Namespace, ct) is { } found ? new(found.Kind, found.Object) : null,
            Pools = [.. await MembersAsync("MachineDeployment", cluster, ct), .. await MembersAsync("MachinePool", cluster, ct)],
            Sets = [.. await MembersAsync("MachineSet", cluster, ct)],
            Machines = [.. (await tree.MembersAsync("Machine", cluster, ct)).Select(machine => machine.Object)],
        };
    }

    /// <summary>Objects of one kind in the namespace that a label selects.</summary>
    public async Task<IReadOnlyList<LiveObject>> ListAsync(ResourceKind kind, string @namespace, string selector, CancellationToken ct)
    {
        var list = await client.Dynamic(kind).ListAsync(new() { Namespace = @namespace, LabelSelector = selector }, ct);
        return [.. list.Items.Select(item => new LiveObject(kind, item))];
    }

    /// <summary>Of a reference: v1beta2 names the group only, v1beta1 the whole apiVersion.</summary>
    public async Task<ResourceKind?> KindOfAsync(JsonObject reference, CancellationToken ct) =>
        (string?)reference["kind"] is not { Length: > 0 } kind ? null
        : (string?)reference["apiVersion"] is { Length: > 0 } version ? await client.FindKindAsync(GroupVersionKind.Parse(version, kind), ct)
        : await tree.KindAsync((string?)reference["apiGroup"] ?? "", kind, ct);

    private async Task<IEnumerable<LiveObject>> MembersAsync(string kind, ObjectKey cluster, CancellationToken ct) =>
        (await tree.MembersAsync(kind, cluster, ct)).Select(member => new LiveObject(member.Kind, member.Object));
}
