using System.Text.Json.Nodes;

namespace Fleet.ControlPlane.Simulation.Objects;

/// <summary>Kubernetes' <c>LabelSelector</c> objects: as a test and in their string form.</summary>
internal static class LabelMatch
{
    /// <summary>A null selector matches nothing, an empty one everything, as in the API.</summary>
    public static bool Matches(JsonObject? selector, IReadOnlyDictionary<string, string> labels)
    {
        if (selector is null)
            return false;
        foreach (var (name, value) in selector.Strings("matchLabels"))
        {
            if (!labels.TryGetValue(name, out var has) || has != value)
                return false;
        }
        return selector.Items("matchExpressions").All(e => Holds(e, labels));
    }

    /// <summary>A plain map of labels, as Services and ReplicationControllers have it.</summary>
    public static bool MatchesMap(IReadOnlyDictionary<string, string> wanted, IReadOnlyDictionary<string, string> labels) =>
        wanted.All(p => labels.TryGetValue(p.Key, out var has) && has == p.Value);

    public static string ToText(JsonObject selector)
    {
        var parts = selector.Strings("matchLabels").Select(p => $"{p.Key}={p.Value}");
        var expressions = selector.Items("matchExpressions").Select(e => e.Text("operator") switch
        {
            "In" => $"{e.Text("key")} in ({string.Join(',', e.Texts("values"))})",
            "NotIn" => $"{e.Text("key")} notin ({string.Join(',', e.Texts("values"))})",
            "Exists" => e.Text("key")!,
            _ => $"!{e.Text("key")}",
        });
        return string.Join(',', parts.Concat(expressions));
    }

    public static bool Holds(JsonObject expression, IReadOnlyDictionary<string, string> labels)
    {
        var has = labels.TryGetValue(expression.Text("key") ?? "", out var value);
        return expression.Text("operator") switch
        {
            "In" => has && expression.Texts("values").Contains(value),
            "NotIn" => !has || !expression.Texts("values").Contains(value),
            "Exists" => has,
            "DoesNotExist" => !has,
            "Gt" => has && long.TryParse(value, out var n) && expression.Texts("values").Any(v => long.TryParse(v, out var w) && n > w),
            "Lt" => has && long.TryParse(value, out var n) && expression.Texts("values").Any(v => long.TryParse(v, out var w) && n < w),
            _ => false,
        };
    }
}
