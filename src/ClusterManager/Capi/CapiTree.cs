using System.Text.Json.Nodes;
using Fleet.Contracts.Conditions;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Resources;

namespace Fleet.ClusterManager.Capi;

internal sealed record CapiObject(ResourceKind Kind, DynamicObject Object);

/// <summary>Objects below a CAPI Cluster, of whichever version their kinds are served in.</summary>
internal sealed class CapiTree(IKubernetesClient client)
{
    /// <summary>Machines of one template fail alike: a few of them tell what is wrong.</summary>
    private const int MostMachinesFollowed = 10;

    private static readonly string[] Versions = ["v1beta2", "v1beta1", "v1alpha1"];

    private static readonly string[] MemberKinds = ["MachineDeployment", "MachineSet", "MachinePool", "Machine"];

    public async Task<ResourceKind?> KindAsync(string group, string kind, CancellationToken ct)
    {
        foreach (var version in Versions)
            if (await client.FindKindAsync(new(group, version, kind), ct) is { } found)
                return found;
        return null;
    }

    /// <summary>The object that a reference names: v1beta2 names the group only, v1beta1 the whole apiVersion.</summary>
    public async Task<CapiObject?> FollowAsync(JsonNode? reference, string @namespace, CancellationToken ct)
    {
        if (reference is not JsonObject || (string?)reference["kind"] is not { Length: > 0 } kindName || (string?)reference["name"] is not { Length: > 0 } name)
            return null;
        var kind = (string?)reference["apiVersion"] is { Length: > 0 } apiVersion
            ? await client.FindKindAsync(GroupVersionKind.Parse(apiVersion, kindName), ct)
            : await KindAsync((string?)reference["apiGroup"] ?? "", kindName, ct);
        if (kind is null)
            return null;
        var key = new ObjectKey((string?)reference["namespace"] ?? @namespace, name);
        return await client.Dynamic(kind).GetAsync(key, ct) is { } found ? new(kind, found) : null;
    }

    /// <summary>CAPI's own objects of one kind that belong to a Cluster.</summary>
    public async Task<IReadOnlyList<CapiObject>> MembersAsync(string kindName, ObjectKey cluster, CancellationToken ct)
    {
        if (await KindAsync(CapiReader.Group, kindName, ct) is not { } kind)
            return [];
        var list = await client.Dynamic(kind).ListAsync(
            new() { Namespace = cluster.Namespace, LabelSelector = $"cluster.x-k8s.io/cluster-name={cluster.Name}" }, ct);
        return [.. list.Items.Select(item => new CapiObject(kind, item))];
    }

    /// <summary>Infrastructure and bootstrap objects of the Machines that are not ready.</summary>
    public async Task<IReadOnlyList<CapiObject>> PartsOfMachinesAsync(IReadOnlyList<CapiObject> machines, CancellationToken ct)
    {
        var result = new List<CapiObject>();
        foreach (var machine in machines.Where(machine => !IsWell(machine.Object)).Take(MostMachinesFollowed))
            foreach (var reference in References(machine.Object))
                if (await FollowAsync(reference, machine.Object.Key.Namespace, ct) is { } part)
                    result.Add(part);
        return result;
    }

    public async Task<int> CountWantedAsync(ObjectKey cluster, JsonObject? controlPlane, CancellationToken ct)
    {
        List<CapiObject> workers = [.. await MembersAsync("MachineDeployment", cluster, ct), .. await MembersAsync("MachinePool", cluster, ct)];
        return CapiReplicas.Wanted(controlPlane, workers.Select(worker => worker.Object.Root));
    }

    /// <summary>Everything below a Cluster, itself last: what a forced deletion lets go of.</summary>
    public async Task<IReadOnlyList<CapiObject>> EverythingAsync(ObjectKey cluster, CancellationToken ct)
    {
        if (await KindAsync(CapiReader.Group, "Cluster", ct) is not { } kind || await client.Dynamic(kind).GetAsync(cluster, ct) is not { } root)
            return [];
        var result = new List<CapiObject>();
        foreach (var member in MemberKinds)
            foreach (var item in await MembersAsync(member, cluster, ct))
            {
                result.Add(item);
                foreach (var reference in References(item.Object))
                    if (await FollowAsync(reference, cluster.Namespace, ct) is { } part)
                        result.Add(part);
            }
        foreach (var field in (string[])["controlPlaneRef", "infrastructureRef"])
            if (await FollowAsync(root.At("spec", field), cluster.Namespace, ct) is { } part)
                result.Add(part);
        return [.. result.DistinctBy(item => (item.Kind, item.Object.Key)), new(kind, root)];
    }

    /// <param name="includeDeleting">While a Cluster goes, objects that are being deleted are what holds it up; otherwise they are being replaced.</param>
    public static IReadOnlyList<CapiPart> Faults(IEnumerable<CapiObject> objects, bool includeDeleting) =>
    [
        .. from item in objects
           where includeDeleting || !item.Object.Metadata.IsBeingDeleted
           let fault = CapiConditions.FaultOf(item.Object.Root)
           where fault is not null
           select new CapiPart(item.Kind.Kind, item.Object.Key, fault.Message, fault.IsError),
    ];

    private static bool IsWell(DynamicObject machine) =>
        CapiConditions.Of(machine.Root).Any(condition => condition.Type == "Ready" && condition.Status == ConditionStatus.True)
        && CapiConditions.FaultOf(machine.Root) is null
        && !machine.Metadata.IsBeingDeleted;

    private static IEnumerable<JsonNode?> References(DynamicObject machine) =>
        [machine.At("spec", "infrastructureRef"), machine.At("spec", "bootstrap", "configRef")];
}
