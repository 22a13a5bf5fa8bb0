using System.Text.Json.Nodes;
using Fleet.ControlPlane.Kinds;
using Fleet.ControlPlane.Machinery;
using Fleet.ControlPlane.Storage;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Resources;

namespace Fleet.ControlPlane.Lifecycle;

/// <summary>Deletes what has lost its owners, and lets owners go that wait for their dependents.</summary>
internal static class GarbageCollector
{
    private enum OwnerState { Present, Waiting, Gone, Unknown }

    public static async ValueTask OwnerGoneAsync(ObservedCluster observed, string uid, CancellationToken ct)
    {
        foreach (var (table, item) in observed.Owners.DependentsOf(uid)) await DependentAsync(observed, table, item.Key, ct);
    }

    public static async ValueTask DependentAsync(ObservedCluster observed, ObjectTable table, ObjectKey key, CancellationToken ct)
    {
        var cluster = observed.Cluster;
        if (table.State.Find(key) is not { OwnerUids: not null } item || cluster.Catalog.FindStorage(table.Name) is not { } kind) return;
        var states = OwnerReferences.Of(item).Select(o => (Owner: o, State: StateOf(cluster, item.Key.Namespace, o))).ToArray();
        if (states.Any(s => s.State == OwnerState.Unknown)) return;
        var gone = states.Where(s => s.State == OwnerState.Gone).Select(s => s.Owner.Uid).ToHashSet();
        if (states.Any(s => s.State == OwnerState.Present))
        {
            if (gone.Count > 0) await DropReferencesAsync(cluster, kind, key, gone, ct);
            return;
        }
        var waiting = states.Any(s => s.State == OwnerState.Waiting);
        if (!waiting && gone.Count == 0) return;
        var body = item.Parse();
        if (body.IsTerminating()) return;
        var propagation = waiting && observed.Owners.HasDependents(item.Uid) ? DeletionPropagation.Foreground : (DeletionPropagation?)null;
        await DeleteAsync(cluster, kind, item, propagation, ct);
    }

    /// <summary>An object that is being deleted in the foreground, or whose dependents are to be orphaned.</summary>
    public static async ValueTask DeletedOwnerAsync(ObservedCluster observed, ObjectTable table, ObjectKey key, CancellationToken ct)
    {
        var cluster = observed.Cluster;
        if (table.State.Find(key) is not { } item || cluster.Catalog.FindStorage(table.Name) is not { } kind) return;
        var body = item.Parse();
        if (!body.IsTerminating()) return;
        var dependents = observed.Owners.DependentsOf(item.Uid);
        if (body.HasFinalizer("orphan"))
        {
            foreach (var (dependentTable, dependent) in dependents)
            {
                if (cluster.Catalog.FindStorage(dependentTable.Name) is { } dependentKind)
                    await DropReferencesAsync(cluster, dependentKind, dependent.Key, [item.Uid], ct);
            }
            await ReleaseAsync(cluster, kind, key, "orphan", ct);
            return;
        }
        if (!body.HasFinalizer("foregroundDeletion")) return;
        foreach (var (dependentTable, dependent) in dependents) await DependentAsync(observed, dependentTable, dependent.Key, ct);
        var blocked = observed.Owners.DependentsOf(item.Uid).Any(d => OwnerReferences.Of(d.Object).Any(o => o.Uid == item.Uid && o.Blocks));
        if (!blocked) await ReleaseAsync(cluster, kind, key, "foregroundDeletion", ct);
    }

    /// <summary>Somebody else may have been faster.</summary>
    public static async ValueTask DeleteAsync(Cluster cluster, KindInfo kind, StoredObject item, DeletionPropagation? propagation, CancellationToken ct)
    {
        try
        {
            await cluster.Deleter.DeleteAsync(kind, item.Key, new Deletion(propagation, item.Uid), new WriteContext(), ct);
        }
        catch (KubeApiException gone) when (gone.IsNotFound || gone.IsConflict)
        {
            return;
        }
    }

    public static async ValueTask ReleaseAsync(Cluster cluster, KindInfo kind, ObjectKey key, string finalizer, CancellationToken ct)
    {
        await cluster.ChangeAsync(kind.Resource, key, body =>
        {
            if (!body.IsTerminating() || !body.HasFinalizer(finalizer)) return false;
            body.RemoveFinalizer(finalizer);
            return true;
        }, status: false, ct);
    }

    private static async ValueTask DropReferencesAsync(Cluster cluster, KindInfo kind, ObjectKey key, HashSet<string> uids, CancellationToken ct)
    {
        await cluster.ChangeAsync(kind.Resource, key, body =>
        {
            if (body.Metadata()["ownerReferences"] is not JsonArray owners) return false;
            var dropped = owners.RemoveAll(o => uids.Contains(o?["uid"].Text() ?? ""));
            if (owners.Count == 0) body.Metadata().Remove("ownerReferences");
            return dropped > 0;
        }, status: false, ct);
    }

    private static OwnerState StateOf(Cluster cluster, string @namespace, OwnerEntry owner)
    {
        if (OwnerReferences.KindOf(cluster, owner) is not { } kind) return OwnerState.Unknown;
        // A cluster-scoped object cannot be owned by one in a namespace; upstream keeps such an object and so do we.
        if (kind.Namespaced && @namespace.Length == 0) return OwnerState.Unknown;
        if (cluster.Find(kind, new ObjectKey(kind.Namespaced ? @namespace : "", owner.Name)) is not { } found || found.Uid != owner.Uid) return OwnerState.Gone;
        var body = found.Parse();
        return body.IsTerminating() && body.HasFinalizer("foregroundDeletion") ? OwnerState.Waiting : OwnerState.Present;
    }
}
