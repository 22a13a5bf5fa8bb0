using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Fleet.Contracts.Upgrades;
using Fleet.Control.Differences;
using Fleet.Helm.Errors;
using Fleet.Helm.Values;
using Fleet.StateManager.Masking;
using Fleet.StateManager.ServiceSets;
using Fleet.StateManager.Services;

namespace Fleet.StateManager.Previews;

/// <summary>What differs between two versions of a service: values and objects, without what is or may be secret. Pure.</summary>
internal static class ServiceDifferences
{
    /// <summary>Stands before the hash of a value that comes from a Secret: it shows that such a value changes, and nothing of it.</summary>
    private const char SecretSign = '\u0001';

    private const string Root = "values";

    /// <param name="before">Null: it is not there yet; then the chart's own defaults are no change.</param>
    public static IReadOnlyList<FieldChange> OfValues(ServiceSource.Found? before, ServiceSource.Found after)
    {
        var mask = new SecretMask((before?.Secrets ?? []).Concat(after.Secrets));
        var from = before is null ? [] : Effective(before);
        var to = before is null ? Hidden(after) : Effective(after);
        var changes = FieldDiff.Between("", new JsonObject { [Root] = from }, new JsonObject { [Root] = to }, SecretFields.ByName);
        return [.. changes.Select(change => Shown(change, mask)).Select(change => change with { Path = change.Path.Length > Root.Length ? change.Path[Root.Length..].TrimStart('.') : "" })];
    }

    /// <param name="before">What the latest revision declares; empty when there is none.</param>
    public static (IReadOnlyList<PlannedObject> Created, IReadOnlyList<PlannedObject> Changed, IReadOnlyList<PlannedObject> Removed) OfObjects(
        IReadOnlyList<JsonObject> before, IReadOnlyList<JsonObject> after, string @namespace, IEnumerable<string> secrets)
    {
        var mask = ManifestMask.Of(secrets, before, after);
        var old = before.GroupBy(item => Identity(item, @namespace)).ToDictionary(group => group.Key, group => group.First());
        var now = after.GroupBy(item => Identity(item, @namespace)).ToDictionary(group => group.Key, group => group.First());
        var changed = now
            .Where(pair => old.ContainsKey(pair.Key))
            .Select(pair => Planned(pair.Key, [.. FieldDiff.Between(pair.Key.Kind, old[pair.Key], pair.Value, Hides).Select(change => Shown(change, mask))]))
            .Where(item => item.Fields.Count > 0);
        return (
            [.. now.Keys.Where(key => !old.ContainsKey(key)).Select(key => Planned(key, []))],
            [.. changed],
            [.. old.Keys.Where(key => !now.ContainsKey(key)).Select(key => Planned(key, []))]);
    }

    /// <summary>Charts put hashes of what they render into annotations, so that pods roll; of a secret, too, and a hash of a short one can be guessed.</summary>
    private static bool Hides(string kind, string path, string field) => field.StartsWith("checksum/", StringComparison.Ordinal) || SecretFields.ByName(kind, path, field);

    private static JsonObject Effective(ServiceSource.Found source) => ValuesMerge.Effective(source.Chart.Content.Values, Hidden(source));

    /// <summary>The merged values with hashes in place of what comes from Secrets.</summary>
    private static JsonObject Hidden(ServiceSource.Found source) =>
        ServiceValues.Merge(source.Layers.Select(layer => layer.Origin.IsSecret ? layer with { Values = (JsonObject)Hidden(layer.Values)! } : layer));

    private static JsonNode? Hidden(JsonNode? node) => node switch
    {
        JsonObject { Count: > 0 } map => new JsonObject(map.Select(pair => KeyValuePair.Create(pair.Key, Hidden(pair.Value)))),
        null => null,
        _ => $"{SecretSign}{Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(node.ToJsonString())))}",
    };

    private static FieldChange Shown(FieldChange change, SecretMask mask)
    {
        var (from, to) = (ManifestMask.Text(change.From, mask), ManifestMask.Text(change.To, mask));
        return IsSecret(change.From) || IsSecret(change.To) || !JsonNode.DeepEquals(from, change.From) || !JsonNode.DeepEquals(to, change.To)
            ? change with { From = null, To = null, Secret = true }
            : change;
    }

    private static bool IsSecret(JsonNode? node) => node switch
    {
        JsonObject map => map.Any(pair => IsSecret(pair.Value)),
        JsonArray list => list.Any(IsSecret),
        JsonValue value => value.TryGetValue<string>(out var text) && text.Contains(SecretSign, StringComparison.Ordinal),
        _ => false,
    };

    private static (string ApiVersion, string Kind, string Namespace, string Name) Identity(JsonObject item, string @namespace) => (
        item["apiVersion"]?.ToString() ?? "", item["kind"]?.ToString() ?? "",
        item["metadata"]?["namespace"]?.ToString() is { Length: > 0 } stated ? stated : @namespace, item["metadata"]?["name"]?.ToString() ?? "");

    private static PlannedObject Planned((string ApiVersion, string Kind, string Namespace, string Name) key, IReadOnlyList<FieldChange> fields) => new()
    {
        ApiVersion = key.ApiVersion, Kind = key.Kind, Namespace = key.Namespace, Name = key.Name, Fields = fields,
    };
}
