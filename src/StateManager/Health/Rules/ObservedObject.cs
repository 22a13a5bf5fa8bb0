using System.Globalization;
using System.Text.Json.Nodes;
using Fleet.Kubernetes.Objects;

namespace Fleet.StateManager.Health.Rules;

/// <summary>
/// An object as its controllers left it, for rules: what is absent or of another type than expected reads as nothing, since a status is written by
/// many hands and a rule must never fail on one.
/// </summary>
internal readonly struct ObservedObject(DynamicObject item)
{
    public DynamicObject Item { get; } = item;

    public string Group => Item.ApiVersion is { } version && version.IndexOf('/', StringComparison.Ordinal) is > 0 and var slash ? version[..slash] : "";

    public string Kind => Item.Kind ?? "";

    public long Generation => Number("metadata", "generation") ?? 0;

    /// <summary>The generation that the controller says it has seen; null when it does not say. Argo Rollouts writes it as text.</summary>
    public long? ObservedGeneration => Number("status", "observedGeneration")
        ?? (long.TryParse(Text("status", "observedGeneration"), NumberStyles.None, CultureInfo.InvariantCulture, out var seen) ? seen : null);

    public bool HasStatus => Item.At("status") is JsonObject { Count: > 0 };

    /// <summary>"" when there is no such text.</summary>
    public string Text(params ReadOnlySpan<string> path) => TextOf(Item.At(path));

    public long? Number(params ReadOnlySpan<string> path) => NumberOf(Item.At(path));

    public long Count(params ReadOnlySpan<string> path) => Number(path) ?? 0;

    public bool Is(params ReadOnlySpan<string> path) => Item.At(path) is JsonValue value && value.TryGetValue<bool>(out var yes) && yes;

    public IEnumerable<JsonObject> Items(params ReadOnlySpan<string> path) => (Item.At(path) as JsonArray ?? []).OfType<JsonObject>();

    /// <summary>A number, or that many percent of a total, as Kubernetes' IntOrString: rounded up as partitions are.</summary>
    public long Share(long total, params ReadOnlySpan<string> path)
    {
        if (Number(path) is { } number)
            return number;
        var text = Text(path);
        return text.EndsWith('%') && long.TryParse(text[..^1], NumberStyles.None, CultureInfo.InvariantCulture, out var percent)
            ? (long)Math.Ceiling(total * percent / 100m)
            : 0;
    }

    public ObservedCondition Condition(string type) => Find(Items("status", "conditions"), type);

    public IEnumerable<ObservedCondition> Conditions => Items("status", "conditions").Select(c => new ObservedCondition(c));

    public static ObservedCondition Find(IEnumerable<JsonObject> conditions, string type) => new ObservedCondition(conditions.FirstOrDefault(c => TextOf(c["type"]) == type));

    public static string TextOf(JsonNode? node) => node is JsonValue value && value.TryGetValue<string>(out var text) ? text : "";

    public static long? NumberOf(JsonNode? node)
    {
        if (node is not JsonValue value)
            return null;
        if (value.TryGetValue<long>(out var number))
            return number;
        return value.TryGetValue<double>(out var real) && real == Math.Floor(real) && Math.Abs(real) < 1e15 ? (long)real : null;
    }
}
