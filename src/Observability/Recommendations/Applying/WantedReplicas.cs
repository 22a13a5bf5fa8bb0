using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Fleet.Kubernetes.Objects;

namespace Fleet.Observability.Recommendations.Applying;

/// <summary>Another number of pods, or another least number of an autoscaler. Pure.</summary>
internal sealed record WantedReplicas(string Kind, string Namespace, string Name, int Replicas) : IWantedChange
{
    public const string LeastField = "minReplicas";

    private const int Deepest = 8;

    /// <summary>Of the spec.</summary>
    public string Field { get; init; } = "replicas";

    public string WithoutPlace => $"its chart has no values for {Field}";

    /// <summary>Whole numbers whose name speaks of replicas; those that are what it has now first.</summary>
    public IReadOnlyList<IReadOnlyList<string>> Candidates(JsonObject values, DynamicObject workload)
    {
        var found = new List<(string[] Path, bool IsLikely)>();
        Walk(values, [], (int?)workload.At("spec", Field), found);
        return [.. found.OrderByDescending(candidate => candidate.IsLikely).ThenBy(candidate => candidate.Path.Length).Take(ResourceValues.MostCandidates).Select(candidate => candidate.Path)];
    }

    public JsonNode Value() => Replicas;

    public string? Against(IReadOnlyList<JsonObject> before, IReadOnlyList<JsonObject> after)
    {
        if (before.Count != after.Count)
            return "another number of objects would be rendered";
        var isFound = false;
        foreach (var (old, next) in before.Zip(after))
        {
            if (!RenderProof.IsTarget(old, this))
            {
                if (!JsonNode.DeepEquals(old, next))
                    return $"{(string?)old["kind"]} {(string?)old["metadata"]?["name"]} would change as well";
                continue;
            }
            if (Number(next["spec"]?[Field]) != Replicas)
                return string.Create(CultureInfo.InvariantCulture, $"it would not have {Replicas} {Field}");
            var expected = old.DeepClone().AsObject();
            expected["spec"]!.AsObject()[Field] = next["spec"]![Field]!.DeepClone();
            if (!JsonNode.DeepEquals(expected, next))
                return $"more of it than its {Field} would change";
            isFound = true;
        }
        return isFound ? null : "the chart does not render it";
    }

    public JsonObject Patch() => new() { ["spec"] = new JsonObject { [Field] = Replicas } };

    private static void Walk(JsonObject map, string[] path, int? now, List<(string[] Path, bool IsLikely)> found)
    {
        foreach (var (name, value) in map)
        {
            string[] here = [.. path, name];
            if (value is JsonObject below && here.Length < Deepest)
                Walk(below, here, now, found);
            else if (name.Contains("replica", StringComparison.OrdinalIgnoreCase) && Number(value) is { } number)
                found.Add((here, number == now));
        }
    }

    private static int? Number(JsonNode? value) => value is JsonValue && value.GetValueKind() == JsonValueKind.Number && double.Parse(value.ToJsonString(), CultureInfo.InvariantCulture) is var number
        && number == Math.Floor(number) && Math.Abs(number) < int.MaxValue ? (int)number : null;
}
