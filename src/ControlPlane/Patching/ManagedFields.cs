using System.Globalization;
using System.Text.Json.Nodes;

namespace Fleet.ControlPlane.Patching;

/// <summary>The owners of an object's fields: metadata.managedFields in memory.</summary>
internal sealed class ManagedFields
{
    /// <summary>Upstream keeps this many updaters apart; older ones are merged into one entry.</summary>
    private const int MaxUpdaters = 10;

    public const string AncientManager = "ancient-changes";

    public Dictionary<ManagerId, FieldOwner> Owners { get; } = [];

    public static ManagedFields Read(JsonNode? list)
    {
        var managed = new ManagedFields();
        foreach (var entry in (list as JsonArray)?.OfType<JsonObject>() ?? [])
        {
            if (entry["fieldsV1"] is not JsonObject fields || Text(entry, "operation") is not ("Apply" or "Update")) continue;
            var applied = Text(entry, "operation") == "Apply";
            var version = Text(entry, "apiVersion");
            var id = new ManagerId(Text(entry, "manager"), applied, applied ? "" : version, Text(entry, "subresource"));
            var set = FieldSet.FromJson(fields);
            if (managed.Owners.TryGetValue(id, out var twice)) set = set.Union(twice.Fields);
            managed.Owners[id] = new FieldOwner(version, set, Text(entry, "time")) { ReadFrom = twice is null ? (set, fields) : default };
        }
        return managed;
    }

    public JsonArray ToJson()
    {
        var entries = Owners.OrderBy(o => o.Key.Applied ? 0 : 1).ThenBy(o => o.Value.Time, StringComparer.Ordinal)
            .ThenBy(o => o.Key.Manager, StringComparer.Ordinal).ThenBy(o => o.Value.ApiVersion, StringComparer.Ordinal)
            .ThenBy(o => o.Key.Subresource, StringComparer.Ordinal);
        var list = new JsonArray();
        foreach (var (id, owner) in entries)
        {
            var entry = new JsonObject
            {
                ["manager"] = id.Manager,
                ["operation"] = id.Applied ? "Apply" : "Update",
                ["apiVersion"] = owner.ApiVersion,
            };
            if (owner.Time.Length > 0) entry["time"] = owner.Time;
            entry["fieldsType"] = "FieldsV1";
            entry["fieldsV1"] = owner.FieldsJson();
            if (id.Subresource.Length > 0) entry["subresource"] = id.Subresource;
            list.Add((JsonNode)entry);
        }
        return list;
    }

    public void DropEmpty()
    {
        foreach (var id in Owners.Where(o => o.Value.Fields.IsEmpty).Select(o => o.Key).ToArray()) Owners.Remove(id);
    }

    /// <summary>Bounds the number of updaters, so that an object does not grow with everybody who ever touched it.</summary>
    public void MergeAncient()
    {
        var updaters = Owners.Where(o => !o.Key.Applied).ToArray();
        if (updaters.Length <= MaxUpdaters) return;
        foreach (var (id, owner) in updaters.Where(o => o.Key.Manager != AncientManager).OrderBy(o => o.Value.Time, StringComparer.Ordinal)
            .ThenBy(o => o.Key.Manager, StringComparer.Ordinal).Take(updaters.Length - MaxUpdaters + 1))
        {
            Owners.Remove(id);
            var ancient = new ManagerId(AncientManager, false, owner.ApiVersion, "");
            Owners[ancient] = Owners.TryGetValue(ancient, out var before) ? owner with { Fields = owner.Fields.Union(before.Fields) } : owner;
        }
    }

    public static string Timestamp(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    private static string Text(JsonObject entry, string name) => entry[name] is JsonValue value && value.TryGetValue<string>(out var text) ? text : "";
}

/// <summary>An applier is one manager in all versions; an updater is one per version.</summary>
internal readonly record struct ManagerId(string Manager, bool Applied, string ApiVersion, string Subresource);

/// <summary>What a manager owns. The time is as in JSON; empty when unknown.</summary>
internal sealed record FieldOwner(string ApiVersion, FieldSet Fields, string Time)
{
    /// <summary>The JSON that the fields were read from. Most writes leave most owners as they were.</summary>
    public (FieldSet? Fields, JsonObject? Json) ReadFrom { get; init; }

    public JsonObject FieldsJson() => ReadFrom.Json is { } json && ReferenceEquals(ReadFrom.Fields, Fields) ? (JsonObject)json.DeepClone() : Fields.ToJson();
}
