using System.Text.Json.Nodes;

namespace Fleet.Observability.Recommendations.Applying;

/// <summary>Where the values of a chart may say what a container asks for. Only candidates: what a path does is proven by rendering. Pure.</summary>
internal static class ResourceValues
{
    /// <summary>Each costs two runs of helm at most; a chart with more of them is one for people.</summary>
    public const int MostCandidates = 16;

    private const int Deepest = 8;

    /// <summary>Maps named <c>resources</c>, or that hold <c>requests</c> or <c>limits</c>; those with what is asked for now first.</summary>
    /// <param name="values">As the chart sees them.</param>
    /// <param name="now">What the container asks for now.</param>
    public static IReadOnlyList<IReadOnlyList<string>> Candidates(JsonObject values, JsonNode? now)
    {
        var found = new List<(string[] Path, bool IsLikely)>();
        Walk(values, [], found, now);
        return [.. found.OrderByDescending(candidate => candidate.IsLikely).ThenBy(candidate => candidate.Path.Length).Take(MostCandidates).Select(candidate => candidate.Path)];
    }

    /// <summary>Values with something at a path, on top of what is there.</summary>
    public static JsonObject At(IReadOnlyList<string> path, JsonNode wanted)
    {
        var value = wanted.DeepClone();
        foreach (var step in path.Reverse())
            value = new JsonObject { [step] = value };
        return value.AsObject();
    }

    private static void Walk(JsonObject map, string[] path, List<(string[] Path, bool IsLikely)> found, JsonNode? now)
    {
        foreach (var (name, value) in map)
        {
            if (value is not JsonObject below)
                continue;
            string[] here = [.. path, name];
            if (name == "resources" || below["requests"] is JsonObject || below["limits"] is JsonObject)
                found.Add((here, JsonNode.DeepEquals(below["requests"], now?["requests"])));
            else if (here.Length < Deepest)
                Walk(below, here, found, now);
        }
    }
}
