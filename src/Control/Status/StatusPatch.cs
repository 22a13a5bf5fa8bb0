using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Fleet.Contracts;
using Fleet.Contracts.Conditions;

namespace Fleet.Control.Status;

/// <summary>The difference between a status as it is and as it should be, as a merge patch. Pure.</summary>
internal static class StatusPatch
{
    /// <summary>Null when there is nothing to change.</summary>
    public static JsonObject? Between(JsonObject? seen, StatusChange change, DateTimeOffset now)
    {
        var patch = new JsonObject();
        foreach (var (name, wanted) in change.Fields)
            AddDifference(patch, name, seen?[name], wanted);
        if (change.OwnedConditions.Count > 0 || change.Conditions.Count > 0)
            AddDifference(patch, "conditions", seen?["conditions"], Conditions(seen?["conditions"] as JsonArray, change, now));
        return patch.Count == 0 ? null : patch;
    }

    private static void AddDifference(JsonObject patch, string name, JsonNode? seen, JsonNode? wanted)
    {
        if (JsonNode.DeepEquals(seen, wanted))
            return;
        if (seen is JsonObject before && wanted is JsonObject after)
        {
            var inner = new JsonObject();
            foreach (var (key, value) in after)
                AddDifference(inner, key, before[key], value);
            foreach (var (key, _) in before)
                if (!after.ContainsKey(key))
                    inner[key] = null;
            if (inner.Count > 0)
                patch[name] = inner;
            return;
        }
        patch[name] = wanted?.DeepClone();
    }

    private static JsonArray? Conditions(JsonArray? seen, StatusChange change, DateTimeOffset now)
    {
        var wanted = change.Conditions.ToDictionary(c => c.Type);
        foreach (var type in wanted.Keys)
            if (!change.OwnedConditions.Contains(type))
                throw new ArgumentException($"the condition {type} is set but not owned");
        var result = new JsonArray();
        foreach (var node in seen ?? [])
        {
            if (node is not JsonObject old)
                continue;
            if (wanted.Remove(TypeOf(old), out var update))
                result.Add(WithTransition(update, old, now));
            else if (!change.OwnedConditions.Contains(TypeOf(old)))
                result.Add(old.DeepClone());
        }
        foreach (var added in change.Conditions.Where(c => wanted.ContainsKey(c.Type)))
            result.Add(WithTransition(added, null, now));
        return result.Count == 0 && seen is null ? null : result;
    }

    private static JsonObject WithTransition(Condition wanted, JsonObject? old, DateTimeOffset now)
    {
        var condition = (JsonObject)JsonSerializer.SerializeToNode(wanted, ContractsJson.Default.Condition)!;
        var kept = old is not null && JsonNode.DeepEquals(old["status"], condition["status"]) ? old["lastTransitionTime"] : null;
        condition["lastTransitionTime"] = kept?.DeepClone() ?? now.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
        return condition;
    }

    private static ConditionType TypeOf(JsonObject condition) => new((string?)condition["type"] ?? "");
}
