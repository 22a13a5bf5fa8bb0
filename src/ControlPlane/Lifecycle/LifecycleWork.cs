using Fleet.ControlPlane.Kinds;
using Fleet.ControlPlane.Machinery;
using Fleet.ControlPlane.Storage;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Resources;

namespace Fleet.ControlPlane.Lifecycle;

internal enum LifecycleTask { Namespace, Definition, OwnerGone, Dependent, DeletedOwner, AggregatedRoles }

/// <summary>Something to look at. What it says is a hint: the objects are read again.</summary>
internal readonly record struct LifecycleWork(LifecycleTask Task, ObservedCluster Cluster, ObjectTable? Table, ObjectKey Key, string Uid);

/// <summary>One cluster with what the controllers remember of it.</summary>
internal sealed class ObservedCluster : IDisposable
{
    private static readonly string NamespaceTable = BuiltInKinds.Namespaces.StorageName;
    private static readonly string DefinitionTable = BuiltInKinds.Definitions.StorageName;
    private readonly Action<LifecycleWork> enqueue;
    private readonly IDisposable subscription;

    public ObservedCluster(Cluster cluster, Action<LifecycleWork> enqueue)
    {
        Cluster = cluster;
        this.enqueue = enqueue;
        subscription = cluster.Store.Subscribe(Observe);
    }

    public Cluster Cluster { get; }

    public OwnerIndex Owners { get; } = new();

    /// <summary>After a restart: everything that was left undone is asked for again.</summary>
    public void Start()
    {
        foreach (var table in Cluster.Store.Tables)
        {
            Owners.Load(table);
            if (table.State.Count == 0) continue;
            foreach (var item in table.State.Range(null)) Look(table, item, null, WatchEventType.Added);
        }
    }

    public void Dispose() => subscription.Dispose();

    private void Observe(StoreEvent change, ObjectTable table)
    {
        Owners.Follow(change, table);
        Look(table, change.Object, change.Previous, change.Type);
    }

    private void Look(ObjectTable table, StoredObject item, StoredObject? previous, WatchEventType type)
    {
        if (type == WatchEventType.Deleted)
        {
            Deleted(table, item);
            return;
        }
        if (table.Name == NamespaceTable) Ask(LifecycleTask.Namespace, table, item.Key, item.Uid);
        else if (table.Name == DefinitionTable && IsTerminating(item)) Ask(LifecycleTask.Definition, table, item.Key, item.Uid);
        else if (table.Name == AggregatedRoles.TableName && !ReferenceEquals(previous, item)) Ask(LifecycleTask.AggregatedRoles, null, default, "");
        if (item.OwnerUids is not null && (previous is null || !SameOwners(previous, item))) Ask(LifecycleTask.Dependent, table, item.Key, item.Uid);
        if (previous?.OwnerUids is not null && previous.OwnerUids.Length > (item.OwnerUids?.Length ?? 0)) AskOwners(previous);
        if (IsTerminating(item) && HoldsForDependents(item)) Ask(LifecycleTask.DeletedOwner, table, item.Key, item.Uid);
    }

    private void Deleted(ObjectTable table, StoredObject item)
    {
        if (Owners.HasDependents(item.Uid)) Ask(LifecycleTask.OwnerGone, table, item.Key, item.Uid);
        if (item.OwnerUids is not null) AskOwners(item);
        if (item.Key.Namespace.Length > 0) Ask(LifecycleTask.Namespace, null, ObjectKey.Cluster(item.Key.Namespace), "");
        if (table.Name == AggregatedRoles.TableName) Ask(LifecycleTask.AggregatedRoles, null, default, "");
        if (Cluster.Catalog.FindStorage(table.Name)?.Custom is { } custom) Ask(LifecycleTask.Definition, null, ObjectKey.Cluster(custom.DefinitionName), "");
    }

    /// <summary>An owner may wait for this one to be gone.</summary>
    private void AskOwners(StoredObject item)
    {
        foreach (var owner in OwnerReferences.Of(item))
        {
            if (OwnerReferences.KindOf(Cluster, owner) is not { } kind) continue;
            var key = new ObjectKey(kind.Namespaced ? item.Key.Namespace : "", owner.Name);
            if (Cluster.Find(kind, key) is { } found && found.Uid == owner.Uid && HoldsForDependents(found))
                Ask(LifecycleTask.DeletedOwner, Cluster.Table(kind), key, owner.Uid);
        }
    }

    private void Ask(LifecycleTask task, ObjectTable? table, ObjectKey key, string uid) => enqueue(new(task, this, table, key, uid));

    private static bool SameOwners(StoredObject a, StoredObject b) => a.OwnerUids is not null && b.OwnerUids is not null && a.OwnerUids.SequenceEqual(b.OwnerUids);

    private static bool IsTerminating(StoredObject item) =>
        StoredFields.At(item, "metadata"u8, "deletionTimestamp"u8).TokenType == System.Text.Json.JsonTokenType.String;

    private static bool HoldsForDependents(StoredObject item)
    {
        var reader = StoredFields.At(item, "metadata"u8, "finalizers"u8);
        if (reader.TokenType != System.Text.Json.JsonTokenType.StartArray) return false;
        while (reader.Read() && reader.TokenType == System.Text.Json.JsonTokenType.String)
        {
            if (reader.ValueTextEquals("foregroundDeletion"u8) || reader.ValueTextEquals("orphan"u8)) return true;
        }
        return false;
    }
}
