using System.Text.Json.Nodes;

namespace Fleet.StateManager.Drift;

/// <summary>Who has written a field, as <c>metadata.managedFields</c> tells it. Pure.</summary>
internal static class FieldOwners
{
    private const string ReleaseAnnotation = "f:meta.helm.sh/release-name";

    /// <summary>The latest writer of one of the fields; where nobody owns them (somebody has removed them) the latest writer of the object but ourselves.</summary>
    /// <param name="live">The object.</param>
    /// <param name="drifts">The fields.</param>
    /// <param name="own">The manager under which the declaration was written: Helm's, but for what Fleet lays itself.</param>
    public static FieldWriter? LastWriter(JsonObject live, IReadOnlyList<FieldDrift> drifts, string own)
    {
        var entries = Entries(live).Select(e => (Entry: e, IsOwn: (string?)e["manager"] == own, Owned: drifts.Max(d => OwnedBy(e, d)))).ToList();
        return Latest(entries.Where(e => e.Owned == Ownership.Field))
            ?? Latest(entries.Where(e => e is { Owned: Ownership.Above, IsOwn: false }))
            ?? Latest(entries.Where(e => !e.IsOwn && !IsController(e.Entry)));
    }

    /// <summary>The name under which Helm has written the object: the owner of Helm's own annotation.</summary>
    public static string HelmManager(JsonObject live) =>
        (string?)Entries(live).FirstOrDefault(e => (e["fieldsV1"]?["f:metadata"]?["f:annotations"] as JsonObject)?.ContainsKey(ReleaseAnnotation) == true)?["manager"] ?? "helm";

    private static IEnumerable<JsonObject> Entries(JsonObject live) => ((live["metadata"] as JsonObject)?["managedFields"] as JsonArray ?? []).OfType<JsonObject>();

    private static FieldWriter? Latest(IEnumerable<(JsonObject Entry, bool IsOwn, Ownership Owned)> entries) => entries
        .Select(e => (Writer: new FieldWriter(
            (string?)e.Entry["manager"] ?? "",
            DateTimeOffset.TryParse((string?)e.Entry["time"], System.Globalization.CultureInfo.InvariantCulture, out var time) ? time : null), e.IsOwn))
        .OrderByDescending(w => w.Writer.Time)
        // Times are whole seconds, and who declares does not edit what it has just made.
        .ThenBy(w => w.IsOwn)
        .FirstOrDefault().Writer;

    /// <summary>Controllers write status and some annotations of their own; servers before 1.22 do not say through which subresource.</summary>
    private static bool IsController(JsonObject entry) => entry["subresource"] is not null || entry["fieldsV1"]?["f:status"] is not null;

    private enum Ownership { None, Above, Field }

    private static Ownership OwnedBy(JsonObject entry, FieldDrift drift)
    {
        var fields = entry["fieldsV1"] as JsonObject;
        foreach (var step in drift.Path.Steps)
        {
            if (fields is null)
                return Ownership.None;
            // Whoever owns a list as one value owns all that is in it.
            if (step.IsElement && step.Keys is null)
                return Ownership.Field;
            // One who owns what is above may own it as one value, or be who made the map and has lost what was in it.
            if (fields.Count == 0)
                return Ownership.Above;
            fields = step.IsElement ? Element(fields, step.Keys!) : fields[$"f:{step.Name}"] as JsonObject;
        }

        return fields is null ? Ownership.None : Ownership.Field;
    }

    private static JsonObject? Element(JsonObject fields, JsonObject keys) => fields
        .Where(f => f.Key.StartsWith("k:", StringComparison.Ordinal))
        .FirstOrDefault(f => JsonNode.DeepEquals(JsonNode.Parse(f.Key[2..]), keys))
        .Value as JsonObject;
}

/// <summary>A field manager and when it wrote last.</summary>
internal sealed record FieldWriter(string Manager, DateTimeOffset? Time);
