using Fleet.Contracts.Validation;

namespace Fleet.ClusterManager.Admission.Manifests;

/// <summary>Of some kinds there is one object; a second one would be looked at by nobody.</summary>
internal sealed class SingletonNameRule(string kind, string name) : IManifestRule
{
    public IEnumerable<FieldProblem> Check(ManifestInput input)
    {
        if (input.OldSpec is null && input.Name != name)
            yield return new("metadata.name", $"there is one {kind}, and its name is {name}");
    }
}
