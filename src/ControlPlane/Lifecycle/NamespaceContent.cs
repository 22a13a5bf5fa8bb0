using System.Text.Json.Nodes;
using Fleet.ControlPlane.Kinds;
using Fleet.ControlPlane.Machinery;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Resources;

namespace Fleet.ControlPlane.Lifecycle;

/// <summary>Fills new namespaces with what each has, and empties those that are being deleted.</summary>
internal static class NamespaceContent
{
    private const string Finalizer = "kubernetes";

    public static async ValueTask CheckAsync(ObservedCluster observed, ObjectKey key, CancellationToken ct)
    {
        var cluster = observed.Cluster;
        if (cluster.Find(BuiltInKinds.Namespaces, key) is not { } stored) return;
        var body = stored.Parse();
        if (body.IsTerminating()) await EmptyAsync(cluster, key, body, ct);
        else await FillAsync(cluster, key.Name, ct);
    }

    private static async ValueTask FillAsync(Cluster cluster, string name, CancellationToken ct)
    {
        foreach (var (kind, body) in BaseObjects.OfNamespace(cluster, name))
        {
            if (cluster.Find(kind, body.Key()) is not null) continue;
            try
            {
                await cluster.Writer.CreateAsync(kind, name, body, new WriteContext(), ct);
            }
            catch (KubeApiException late) when (late.IsAlreadyExists || late.IsForbidden || late.IsNotFound)
            {
                // It is there already, or the namespace is going.
                continue;
            }
        }
    }

    private static async ValueTask EmptyAsync(Cluster cluster, ObjectKey key, JsonObject body, CancellationToken ct)
    {
        foreach (var (kind, item) in Content(cluster, key.Name).ToArray())
        {
            if (!item.Parse().IsTerminating()) await GarbageCollector.DeleteAsync(cluster, kind, item, DeletionPropagation.Background, ct);
        }
        var left = Content(cluster, key.Name).GroupBy(c => c.Kind).Select(g => (Kind: g.Key, Count: g.Count())).ToArray();
        if (left.Length > 0)
        {
            await ReportAsync(cluster, key, body, left, ct);
            return;
        }
        var context = new WriteContext { Subresource = "finalize" };
        try
        {
            await cluster.Writer.UpdateAsync(BuiltInKinds.Namespaces, key, current =>
            {
                if (!current.IsTerminating() || current["spec"]?["finalizers"] is not JsonArray finalizers) return null;
                if (finalizers.RemoveAll(f => f.Text() == Finalizer) == 0) return null;
                if (finalizers.Count == 0) current["spec"]!.AsObject().Remove("finalizers");
                return current;
            }, context, ct);
        }
        catch (KubeApiException gone) when (gone.IsNotFound)
        {
            return;
        }
    }

    private static IEnumerable<(KindInfo Kind, Storage.StoredObject Item)> Content(Cluster cluster, string @namespace)
    {
        foreach (var table in cluster.Store.Tables)
        {
            if (cluster.Catalog.FindStorage(table.Name) is not { Namespaced: true } kind) continue;
            foreach (var item in table.State.Range(@namespace)) yield return (kind, item);
        }
    }

    /// <summary>Says what holds the namespace, so that nobody has to guess.</summary>
    private static async ValueTask ReportAsync(
        Cluster cluster, ObjectKey key, JsonObject body, (KindInfo Kind, int Count)[] left, CancellationToken ct)
    {
        var words = string.Join(", ", left.OrderBy(l => l.Kind.QualifiedPlural, StringComparer.Ordinal).Select(l => $"{l.Kind.QualifiedPlural} has {l.Count} resource instances"));
        var message = $"Some resources are remaining: {words}";
        var present = (body["status"]?["conditions"] as JsonArray ?? []).FirstOrDefault(c => c?["type"].Text() == "NamespaceContentRemaining");
        if (present?["message"].Text() == message) return;
        await cluster.ChangeAsync(BuiltInKinds.Namespaces.Resource, key, current =>
        {
            if (current["status"] is not JsonObject status) current["status"] = status = [];
            if (status["conditions"] is not JsonArray conditions) status["conditions"] = conditions = [];
            conditions.RemoveAll(c => c?["type"].Text() == "NamespaceContentRemaining");
            conditions.Add(new JsonObject
            {
                ["type"] = "NamespaceContentRemaining",
                ["status"] = "True",
                ["lastTransitionTime"] = cluster.Settings.Clock.Timestamp(),
                ["reason"] = "SomeResourcesRemain",
                ["message"] = message,
            });
            return true;
        }, status: true, ct);
    }
}
