using System.Text.Json.Nodes;
using Fleet.Contracts;
using Fleet.Contracts.Conditions;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Resources;

namespace Fleet.ClusterManager.Capi;

/// <summary>Finds the CAPI Cluster of a release and, while it is not ready, what it waits for.</summary>
internal sealed class CapiReader(IKubernetesClient client)
{
    public const string Group = "cluster.x-k8s.io";

    /// <summary>A message with more names helps nobody.</summary>
    private const int MostMachinesNamed = 3;

    private static readonly string[] Versions = ["v1beta2", "v1beta1"];

    /// <summary>Null when there is none (also: when CAPI is not installed).</summary>
    public async Task<CapiCluster?> FindAsync(ObjectKey release, CancellationToken ct)
    {
        if (await KindAsync(Group, "Cluster", ct) is not { } kind)
            return null;
        var labelled = await client.Dynamic(kind).ListAsync(
            new() { Namespace = release.Namespace, LabelSelector = $"{FleetLabels.HelmReleaseName}={release.Name}" }, ct);
        // Objects get their labels after the release was made, and the charts name their Cluster after it.
        var cluster = labelled.Items.Count > 0 ? labelled.Items[0] : await client.Dynamic(kind).GetAsync(release, ct);
        return cluster is null ? null : await ReadAsync(cluster, ct) with { IsLabelled = labelled.Items.Count > 0 };
    }

    public async Task DeleteAsync(ObjectKey cluster, CancellationToken ct)
    {
        if (await KindAsync(Group, "Cluster", ct) is { } kind)
            await client.Dynamic(kind).DeleteAsync(cluster, DeleteOptions.Background, ct);
    }

    private async Task<CapiCluster> ReadAsync(DynamicObject cluster, CancellationToken ct)
    {
        var result = new CapiCluster
        {
            Key = cluster.Key,
            BeingDeleted = cluster.Metadata.IsBeingDeleted,
            Conditions = CapiConditions.Of(cluster.Root),
        };
        if (!result.BeingDeleted && CapiSummary.Of(result).Status == ConditionStatus.True)
            return result;
        var blockers = new List<CapiPart>();
        CapiReference? held = null;
        foreach (var field in (string[])["infrastructureRef", "controlPlaneRef"])
        {
            if (await FollowAsync(cluster.At("spec", field) as JsonObject, cluster.Key.Namespace, ct) is not { } found)
                continue;
            var (kind, part) = found;
            if (CapiConditions.BlockerOf(part.Root) is { } message)
                blockers.Add(new(kind.Kind, part.Key.Name, message));
            if (part.Metadata.Finalizers?.Contains(FleetFinalizers.Cleanup) == true)
                held = new(kind, part.Key, part.Metadata.Finalizers);
        }
        var machines = await MachinesAsync(cluster.Key, ct);
        blockers.AddRange(
            from machine in machines
            let message = machine.Metadata.IsBeingDeleted ? null : CapiConditions.BlockerOf(machine.Root)
            where message is not null
            select new CapiPart("Machine", machine.Key.Name, message));
        return result with
        {
            Blockers = [.. blockers.Take(MostMachinesNamed)],
            Machines = [.. machines.Select(machine => machine.Key.Name)],
            HeldInfrastructure = held,
        };
    }

    private async Task<IReadOnlyList<DynamicObject>> MachinesAsync(ObjectKey cluster, CancellationToken ct) =>
        await KindAsync(Group, "Machine", ct) is { } kind
            ? (await client.Dynamic(kind).ListAsync(
                new() { Namespace = cluster.Namespace, LabelSelector = $"cluster.x-k8s.io/cluster-name={cluster.Name}" }, ct)).Items
            : [];

    private async Task<(ResourceKind Kind, DynamicObject Object)?> FollowAsync(JsonObject? reference, string @namespace, CancellationToken ct)
    {
        if (reference is null || (string?)reference["kind"] is not { } kindName || (string?)reference["name"] is not { } name)
            return null;
        // v1beta2 names the group only, v1beta1 the whole apiVersion.
        var kind = (string?)reference["apiVersion"] is { } apiVersion
            ? await client.FindKindAsync(GroupVersionKind.Parse(apiVersion, kindName), ct)
            : await KindAsync((string?)reference["apiGroup"] ?? "", kindName, ct);
        if (kind is null)
            return null;
        var key = new ObjectKey((string?)reference["namespace"] ?? @namespace, name);
        return await client.Dynamic(kind).GetAsync(key, ct) is { } found ? (kind, found) : null;
    }

    private async Task<ResourceKind?> KindAsync(string group, string kind, CancellationToken ct)
    {
        foreach (var version in Versions)
            if (await client.FindKindAsync(new(group, version, kind), ct) is { } found)
                return found;
        return await client.FindKindAsync(new(group, "v1alpha1", kind), ct);
    }
}
