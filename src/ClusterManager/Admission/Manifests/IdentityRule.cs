using System.Text.Json.Nodes;
using Fleet.Contracts.Validation;

namespace Fleet.ClusterManager.Admission.Manifests;

/// <summary>A reference that does not say kind and name refers to nothing.</summary>
internal sealed class IdentityRule : IManifestRule
{
    private static readonly string[] Needed = ["apiVersion", "kind", "name"];

    public IEnumerable<FieldProblem> Check(ManifestInput input) =>
        from field in Needed
        where input.Spec["identityRef"]?[field] is not JsonValue value || !value.TryGetValue<string>(out var text) || text.Length == 0
        select new FieldProblem($"spec.identityRef.{field}", "is required");
}
