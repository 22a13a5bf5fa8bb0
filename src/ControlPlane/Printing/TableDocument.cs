using System.Globalization;
using System.Text.Json.Nodes;
using Fleet.ControlPlane.Kinds;
using Fleet.ControlPlane.Storage;

namespace Fleet.ControlPlane.Printing;

/// <summary>meta.k8s.io/v1 Table: what <c>kubectl get</c> prints.</summary>
internal static class TableDocument
{
    public static JsonObject Of(
        KindInfo kind, IReadOnlyList<StoredObject> items, long revision, string? includeObject, TimeProvider clock, string? next = null, long? remaining = null,
        bool withColumns = true)
    {
        var printer = Printers.For(kind);
        var now = clock.GetUtcNow();
        var metadata = new JsonObject { ["resourceVersion"] = revision.ToString(CultureInfo.InvariantCulture) };
        if (next is not null) metadata["continue"] = next;
        if (next is not null && remaining is { } count) metadata["remainingItemCount"] = count;
        var rows = new JsonArray();
        foreach (var item in items)
        {
            var body = item.Parse();
            if (kind.ApiVersion != kind.StorageApiVersion) KindConversion.FromStorage(kind, body);
            rows.Add(Row(printer, body, includeObject, now));
        }
        return new JsonObject
        {
            ["kind"] = "Table",
            ["apiVersion"] = "meta.k8s.io/v1",
            ["metadata"] = metadata,
            ["columnDefinitions"] = withColumns ? new JsonArray([.. printer.Columns.Select(c => (JsonNode)c.ToJson())]) : null,
            ["rows"] = rows,
        };
    }

    private static JsonObject Row(IPrinter printer, JsonObject body, string? includeObject, DateTimeOffset now)
    {
        var row = new JsonObject { ["cells"] = printer.Cells(body, now) };
        switch (includeObject)
        {
            case "None": break;
            case "Object": row["object"] = body; break;
            default: row["object"] = PartialMetadata.Of(body); break;
        }
        return row;
    }
}
