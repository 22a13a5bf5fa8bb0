namespace Fleet.ClusterManager.Admission.Schemas;

/// <summary>What a value must be and is not. Parts of the path are keys, and <c>[n]</c> for items of lists; the rule is the schema's keyword.</summary>
internal sealed record ValuesProblem(IReadOnlyList<string> Path, string Rule, string Message);
