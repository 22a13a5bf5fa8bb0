using Fleet.Contracts.Clusters;
using Fleet.Contracts.Validation;

namespace Fleet.ClusterManager.Admission.Manifests;

/// <summary>One thing that a ClusterDeployment must not be. Pure.</summary>
internal interface IClusterRule
{
    IEnumerable<FieldProblem> Check(ClusterRuleInput input);
}

/// <summary><see cref="Old"/> is null for a new object.</summary>
internal sealed record ClusterRuleInput(string Name, ClusterDeploymentSpec Wanted, ClusterDeploymentSpec? Old);
