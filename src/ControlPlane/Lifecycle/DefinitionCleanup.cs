using Fleet.ControlPlane.Kinds;
using Fleet.ControlPlane.Machinery;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Resources;

namespace Fleet.ControlPlane.Lifecycle;

/// <summary>A CustomResourceDefinition that is being deleted takes its objects with it, and goes last.</summary>
internal static class DefinitionCleanup
{
    public static async ValueTask CheckAsync(ObservedCluster observed, ObjectKey key, CancellationToken ct)
    {
        var cluster = observed.Cluster;
        if (cluster.Find(BuiltInKinds.Definitions, key) is not { } stored) return;
        var body = stored.Parse();
        if (!body.IsTerminating() || !body.HasFinalizer(DefinitionDefaults.CleanupFinalizer)) return;
        var table = cluster.Store.Table(KindInfo.StorageNameOf(body["spec"]?["group"].Text() ?? "", body["spec"]?["names"]?["plural"].Text() ?? ""));
        if (cluster.Catalog.FindStorage(table.Name) is { } kind)
        {
            foreach (var item in table.State.Range(null))
            {
                if (!item.Parse().IsTerminating()) await GarbageCollector.DeleteAsync(cluster, kind, item, DeletionPropagation.Background, ct);
            }
        }
        if (table.State.Count > 0) return;
        await GarbageCollector.ReleaseAsync(cluster, BuiltInKinds.Definitions, key, DefinitionDefaults.CleanupFinalizer, ct);
        table.HistoryIfAny?.EndAll();
    }
}
