using System.Text.Json.Nodes;
using Fleet.Contracts.Validation;

namespace Fleet.ClusterManager.Admission;

/// <summary>A reference that does not say kind and name refers to nothing.</summary>
internal static class IdentityRule
{
    private static readonly string[] Needed = ["apiVersion", "kind", "name"];

    public static IEnumerable<FieldProblem> Check(JsonObject spec) =>
        from field in Needed
        where spec["identityRef"]?[field] is not JsonValue value || !value.TryGetValue<string>(out var text) || text.Length == 0
        select new FieldProblem($"spec.identityRef.{field}", "is required");
}
