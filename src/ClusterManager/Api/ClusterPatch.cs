using System.Text.Json.Nodes;
using Fleet.Contracts.Api;
using Fleet.Rest.Problems;

namespace Fleet.ClusterManager.Api;

/// <summary>What a merge patch of a cluster may touch: the spec, labels and annotations. The rest is not the user's to change here. Pure.</summary>
internal static class ClusterPatch
{
    private static readonly HashSet<string> Metadata = ["labels", "annotations"];

    /// <summary>Throws with the path of each field that may not be there.</summary>
    public static JsonObject Checked(JsonObject patch)
    {
        var problems = new List<ProblemField>();
        foreach (var (name, value) in patch)
        {
            if (name is not ("spec" or "metadata"))
                problems.Add(new() { Field = name, Message = "may not be changed here: only spec, metadata.labels and metadata.annotations" });
            else if (value is not JsonObject part)
                problems.Add(new() { Field = name, Message = "must be an object" });
            else if (name == "metadata")
                problems.AddRange(part.Where(field => !Metadata.Contains(field.Key)).Select(field =>
                    new ProblemField { Field = $"metadata.{field.Key}", Message = "may not be changed here: only labels and annotations" }));
        }

        if (patch.Count == 0)
            problems.Add(new() { Field = "body", Message = "changes nothing" });
        return problems.Count == 0 ? patch : throw new ProblemException(ProblemKind.Invalid, "the patch is wrong", problems);
    }
}
