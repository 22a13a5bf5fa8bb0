using Fleet.Control.Grains;
using System.Text.Json.Nodes;
using Fleet.Contracts;
using Fleet.Contracts.Conditions;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Resources;

namespace Fleet.ClusterManager.Capi;

/// <summary>Finds the CAPI Cluster of a release and, while it is not ready, what it waits for.</summary>
internal sealed class CapiReader(IKubernetesClient client, CapiTree tree)
{
    public const string Group = "cluster.x-k8s.io";

    /// <summary>Nothing of Cluster API acts on an object that carries it, not even on its deletion.</summary>
    public const string PausedAnnotation = "cluster.x-k8s.io/paused";

    /// <summary>Helm puts these on everything that it creates.</summary>
    private const string HelmName = "meta.helm.sh/release-name";

    private const string HelmNamespace = "meta.helm.sh/release-namespace";

    /// <summary>Null when there is none (also: when CAPI is not installed).</summary>
    public async Task<CapiCluster?> FindAsync(ObjectKey release, CancellationToken ct)
    {
        if (await tree.KindAsync(Group, "Cluster", ct) is not { } kind)
            return null;
        // By name first, as charts name their Cluster after the release: an API server looks at every Cluster of the namespace for a label, at each look of each of them.
        // The name alone proves nothing: somebody else's Cluster may have it.
        var named = await client.Dynamic(kind).GetAsync(release, ct);
        var cluster = named is not null && IsLabelled(named, release) ? named
            : (await client.Dynamic(kind).ListAsync(
                new() { Namespace = release.Namespace, LabelSelector = $"{FleetLabels.HelmReleaseName}={release.Name}" }, ct)).Items is [var labelled, ..] ? labelled
            // Objects get their labels after the release was made.
            : named is not null && IsOf(named, release) ? named
            : null;
        return cluster is null ? null : await ReadAsync(cluster, ct) with { IsLabelled = IsLabelled(cluster, release) };
    }

    private static bool IsLabelled(DynamicObject cluster, ObjectKey release) =>
        cluster.Metadata.Labels?.GetValueOrDefault(FleetLabels.HelmReleaseName) == release.Name;

    /// <summary>Machines that carry the name of a Cluster, whether it is there or not.</summary>
    public async Task<int> CountMachinesAsync(ObjectKey cluster, CancellationToken ct) => (await tree.MembersAsync("Machine", cluster, ct)).Count;

    /// <summary>Only the very Cluster that was seen: a new one of its name is somebody else's.</summary>
    public async Task DeleteAsync(CapiCluster cluster, GrainOwnership ownership, CancellationToken ct)
    {
        if (await tree.KindAsync(Group, "Cluster", ct) is { } kind)
            await client.Dynamic(kind).DeleteFencedAsync(cluster.Key, cluster.Uid, DeleteOptions.Background, ownership, ct);
    }

    private static bool IsOf(DynamicObject cluster, ObjectKey release) =>
        cluster.Metadata.Annotations is { } annotations
        && annotations.GetValueOrDefault(HelmName) == release.Name
        && annotations.GetValueOrDefault(HelmNamespace) == release.Namespace;

    private async Task<CapiCluster> ReadAsync(DynamicObject cluster, CancellationToken ct)
    {
        var controlPlane = await tree.FollowAsync(cluster.At("spec", "controlPlaneRef"), cluster.Key.Namespace, ct);
        var result = new CapiCluster
        {
            Key = cluster.Key,
            Uid = cluster.Metadata.Uid,
            BeingDeleted = cluster.Metadata.IsBeingDeleted,
            IsPaused = (bool?)cluster.At("spec", "paused") == true || cluster.Metadata.Annotations?.ContainsKey(PausedAnnotation) == true,
            Conditions = CapiConditions.OfCluster(cluster.Root),
            ControlPlaneUid = controlPlane?.Object.Metadata.Uid,
            WantedNodes = CapiReplicas.Wanted(cluster.Root, controlPlane?.Object.Root),
        };
        if (result.WantedNodes is null)
            result = result with { WantedNodes = await tree.CountWantedAsync(cluster.Key, controlPlane?.Object.Root, ct) };
        return CapiSummary.Of(result).Status == ConditionStatus.True ? result : await WithPartsAsync(result, cluster.Root, controlPlane, ct);
    }

    private async Task<CapiCluster> WithPartsAsync(CapiCluster result, JsonObject cluster, CapiObject? controlPlane, CancellationToken ct)
    {
        var infrastructure = await tree.FollowAsync(cluster["spec"]?["infrastructureRef"], result.Key.Namespace, ct);
        var machines = await tree.MembersAsync("Machine", result.Key, ct);
        List<CapiObject> own = [.. new[] { infrastructure }.OfType<CapiObject>(), .. await tree.PartsOfMachinesAsync(machines, ct)];
        var blockers = CapiTree.Faults(own, includeDeleting: result.BeingDeleted);
        // What stands above only repeats, in its own words, what the infrastructure says.
        if (blockers.Count == 0)
            blockers = CapiTree.Faults([.. machines, .. new[] { controlPlane }.OfType<CapiObject>()], includeDeleting: result.BeingDeleted);
        if (blockers.Count == 0)
            blockers = CapiTree.Faults([.. await tree.MembersAsync("MachineDeployment", result.Key, ct), .. await tree.MembersAsync("MachinePool", result.Key, ct)], result.BeingDeleted);
        return result with
        {
            Blockers = blockers,
            Machines = [.. machines.Select(machine => machine.Object.Key.Name)],
            HeldInfrastructure = infrastructure is { Object.Metadata.Finalizers: { } finalizers } held && finalizers.Contains(FleetFinalizers.Cleanup)
                ? new(held.Kind, held.Object.Key, finalizers)
                : null,
        };
    }
}
