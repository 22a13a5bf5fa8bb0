using Fleet.Contracts.Validation;

namespace Fleet.ClusterManager.Admission.Manifests;

/// <summary>The Helm release and all CAPI objects are named after the cluster: helm takes 53 characters, and machines' host names no dots.</summary>
internal sealed class ClusterNameRule : IClusterRule
{
    public const int Longest = 53;

    public IEnumerable<FieldProblem> Check(ClusterRuleInput input)
    {
        if (input.Old is not null)
            yield break;
        if (input.Name.Length > Longest)
            yield return new("metadata.name", $"must have no more than {Longest} characters, because the Helm release is named after it");
        if (input.Name.Contains('.', StringComparison.Ordinal))
            yield return new("metadata.name", "must have no dots, because machines are named after it");
    }
}
