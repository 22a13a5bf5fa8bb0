using Fleet.ControlPlane.Kinds;
using Fleet.ControlPlane.Machinery;
using Fleet.ControlPlane.Printing;
using Fleet.ControlPlane.Storage;
using Fleet.Kubernetes.Objects;

namespace Fleet.ControlPlane.Serving;

/// <summary>GET of one object and of lists.</summary>
internal static class ReadEndpoints
{
    public static Task GetAsync(ApiRequest request)
    {
        if (ListOptions.Version(request) is > 0 and var wanted) ListOptions.CheckReached(wanted, request.Cluster.Revision);
        var stored = request.Cluster.Find(request.Kind, request.Key) ?? throw ApiErrors.NotFound(request.Kind, request.Key.Name);
        return ResponseBytes.WriteAsync(request, 200, request.Kind, stored);
    }

    public static Task ListAsync(ApiRequest request)
    {
        var kind = request.Kind;
        ListOptions.Check(request, isWatch: false);
        var (state, revision, after) = Position(request, kind);
        var limit = request.Number("limit");
        var (items, more) = Select(request, kind, state, after, limit);
        string? next = null;
        long? remaining = null;
        if (more)
        {
            next = ListSnapshots.Keep(request.Cluster, kind, state, revision, items[^1].Key);
            if (request.Query("labelSelector") is null && request.Query("fieldSelector") is null)
                remaining = state.Range(request.Target.Namespace, items[^1].Key).Count();
        }
        switch (AcceptHeader.Read(request.Http.Request.Headers.Accept))
        {
            case Representation.Table:
                return ResponseBytes.WriteAsync(request.Http.Response, 200,
                    TableDocument.Of(kind, items, revision, request.Query("includeObject"), request.Cluster.Settings.Clock, next, remaining));
            case Representation.PartialMetadata:
                var metadata = new System.Text.Json.Nodes.JsonObject { ["resourceVersion"] = revision.ToString(System.Globalization.CultureInfo.InvariantCulture) };
                if (next is not null) metadata["continue"] = next;
                return ResponseBytes.WriteAsync(request.Http.Response, 200, PartialMetadata.ListOf(items, metadata));
            default:
                return ResponseBytes.WriteListAsync(request, kind, items, revision, next, remaining);
        }
    }

    /// <summary>What the selectors and the namespace of the request pick.</summary>
    public static (List<StoredObject> Items, bool More) Select(ApiRequest request, KindInfo kind, TableState state, ObjectKey? after, int limit)
    {
        var labels = LabelSelector.Parse(request.Query("labelSelector"));
        var fields = FieldSelector.Parse(kind, request.Query("fieldSelector"));
        var everything = labels.IsEverything && fields.IsEverything;
        var items = new List<StoredObject>(limit > 0 ? Math.Min(limit, state.Count) : everything && request.Target.Namespace is null ? state.Count : 16);
        if (fields.SingleName is { } name && (request.Target.Namespace is { } space || !kind.Namespaced && (space = "") is not null))
        {
            if (state.Find(new(space, name)) is { } one && labels.Matches(one) && fields.Matches(one)) items.Add(one);
            return (items, false);
        }
        foreach (var item in state.Range(request.Target.Namespace, after))
        {
            if (!everything && !(labels.Matches(item) && fields.Matches(item))) continue;
            if (limit > 0 && items.Count == limit) return (items, true);
            items.Add(item);
        }
        return (items, false);
    }

    private static (TableState State, long Revision, ObjectKey? After) Position(ApiRequest request, KindInfo kind)
    {
        var table = request.Cluster.Table(kind);
        if (request.Query("continue") is { Length: > 0 } token) return ListSnapshots.Find(request.Cluster, kind, table, token);
        var (state, revision) = request.Cluster.Store.Snapshot(table);
        if (ListOptions.Version(request) is not { } version || version == 0) return (state, revision, null);
        ListOptions.CheckReached(version, revision);
        if (request.Query("resourceVersionMatch") != "Exact") return (state, revision, null);
        return request.Cluster.Store.At(table, version) is { } then ? (then, version, null) : throw ApiErrors.Expired("The resourceVersion for the provided list is too old.");
    }
}
