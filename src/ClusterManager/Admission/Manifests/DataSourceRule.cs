using Fleet.Contracts.Validation;

namespace Fleet.ClusterManager.Admission.Manifests;

/// <summary>A control plane cannot change where it keeps its data.</summary>
internal sealed class DataSourceRule : IClusterRule
{
    public IEnumerable<FieldProblem> Check(ClusterRuleInput input)
    {
        if (input.Old is { } old && string.IsNullOrEmpty(old.DataSource) != string.IsNullOrEmpty(input.Wanted.DataSource))
            yield return new("spec.dataSource", "spec.dataSource cannot be added or removed after creation");
    }
}
