using System.Text.Json.Serialization.Metadata;
using Fleet.Contracts.Services;
using Fleet.Contracts.Validation;

namespace Fleet.ClusterManager.Admission.Manifests;

internal sealed class ClusterServicesRule : IClusterRule
{
    public IEnumerable<FieldProblem> Check(ClusterRuleInput input) => ServiceSpecProblems.Of(input.Wanted.ServiceSpec);
}

/// <summary>Both kinds of MultiClusterService. What they depend on may come later; that it makes no circle is a condition's to say.</summary>
internal sealed class MultiClusterServiceRule<TSpec>(JsonTypeInfo<TSpec> json) : TypedRule<TSpec>(json)
    where TSpec : MultiClusterSpec
{
    protected override IEnumerable<FieldProblem> Check(TSpec spec) =>
        SelectorSyntax.Check(spec.ClusterSelector, "spec.clusterSelector").Concat(ServiceSpecProblems.Of(spec.ServiceSpec));
}
