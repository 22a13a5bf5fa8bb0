using Fleet.Backup.Snapshots;
using Fleet.Contracts;
using Fleet.Control.Kinds;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Resources;

namespace Fleet.Backup.Moves;

/// <summary>What a move takes along.</summary>
internal sealed record MoveContent(IReadOnlyList<MovedObject> Own, IReadOnlyList<MovedObject> Shared);

/// <summary>Reads a cluster's objects and what they refer to from the source.</summary>
internal sealed class MoveReader(IKubernetesClient source, ObjectKey cluster)
{
    private static readonly string SystemNamespace = FleetApi.SystemNamespace;

    private IReadOnlyList<ResourceKind>? kinds;

    public async Task<MoveContent> ReadAsync(CancellationToken ct)
    {
        var all = await AllAsync(ct);
        var own = MoveSet.Own(all, cluster.Name);
        return new(own, await SharedAsync(all, own, ct));
    }

    /// <summary>Every object of the cluster's namespace that could be its own or be used by it.</summary>
    private async Task<IReadOnlyList<MovedObject>> AllAsync(CancellationToken ct)
    {
        kinds ??= await KindsAsync(ct);
        var found = new IReadOnlyList<MovedObject>[kinds.Count];
        await Parallel.ForEachAsync(kinds.Index(), new ParallelOptions { MaxDegreeOfParallelism = 8, CancellationToken = ct }, async (row, stop) =>
        {
            var items = (await source.Dynamic(row.Item).ListAsync(new() { Namespace = cluster.Namespace }, stop)).Items;
            found[row.Index] = [.. items.Where(item => !SnapshotScope.IsMadeByCluster(item)).Select(item => new MovedObject(row.Item, item))];
        });
        return [.. found.SelectMany(items => items)];
    }

    /// <summary>Definitions are megabytes, and a move reads its cluster many times: which kinds there are is asked once.</summary>
    private async Task<IReadOnlyList<ResourceKind>> KindsAsync(CancellationToken ct)
    {
        var served = await source.Discovery.AllAsync(ct);
        var providers = await source.Dynamic(CoreKinds.Definitions).ListAsync(ListOptions.All, SnapshotScope.ProviderGroupOf, ct);
        var groups = providers.Items.OfType<string>().Append("lib.projectsveltos.io").ToHashSet(StringComparer.Ordinal);
        return [.. SnapshotScope.Of(served, groups).Select(row => row.Kind).Where(kind => kind.Namespaced), CoreKinds.Secrets, CoreKinds.ConfigMaps];
    }

    private async Task<IReadOnlyList<MovedObject>> SharedAsync(IReadOnlyList<MovedObject> all, IReadOnlyList<MovedObject> own, CancellationToken ct)
    {
        var known = own.Select(KeyOf).ToHashSet();
        var shared = new List<MovedObject>();
        var open = new Queue<MovedObject>(own);
        while (open.TryDequeue(out var next))
        {
            foreach (var found in await UsedByAsync(next, all, ct))
            {
                if (!known.Add(KeyOf(found)))
                    continue;
                shared.Add(found);
                open.Enqueue(found);
            }
        }

        return shared;
    }

    private async Task<IReadOnlyList<MovedObject>> UsedByAsync(MovedObject item, IReadOnlyList<MovedObject> all, CancellationToken ct)
    {
        var named = MoveSet.Named(item).ToHashSet();
        var used = all.Where(other => named.Contains((other.Kind.Kind, other.Object.Key.Name))).ToList();
        foreach (var reference in ObjectReferences.Of(item.Object, SystemNamespace))
        {
            if (all.FirstOrDefault(other => other.Kind.Group == reference.Group && other.Kind.Kind == reference.Kind && other.Object.Key == reference.Key) is { } near)
                used.Add(near);
            else if (await FetchAsync(new(reference.Group, reference.Version, reference.Kind), reference.Key, ct) is { } far)
                used.Add(far);
        }

        // Owners without a namespace: who brings services to many clusters.
        foreach (var owner in item.Object.Metadata.OwnerReferences?.Where(owner => owner.Kind == MoveChecks.FleetWideServices) ?? [])
        {
            if (await FetchAsync(GroupVersionKind.Parse(owner.ApiVersion, owner.Kind), ObjectKey.Cluster(owner.Name), ct) is { } services)
                used.Add(services);
        }

        return used;
    }

    private async Task<MovedObject?> FetchAsync(GroupVersionKind type, ObjectKey key, CancellationToken ct)
    {
        if (type.Group is "apps" or "batch" or "rbac.authorization.k8s.io" || (type.Group.Length == 0 && type.Kind is not ("Secret" or "ConfigMap")))
            return null;
        var kind = (await source.Discovery.AllAsync(ct)).FirstOrDefault(row => row.Kind.Group == type.Group && row.Kind.Kind == type.Kind)?.Kind;
        if (kind is null || await source.Dynamic(kind).GetAsync(kind.Namespaced ? key : ObjectKey.Cluster(key.Name), ct) is not { } item || SnapshotScope.IsMadeByCluster(item))
            return null;
        return new(kind, item);
    }

    private static (string, string, ObjectKey) KeyOf(MovedObject item) => (item.Kind.Group, item.Kind.Kind, item.Object.Key);
}
