using System.Text.Json.Serialization.Metadata;
using Fleet.Contracts.Chains;
using Fleet.Contracts.Validation;
using Fleet.Control.Templates;

namespace Fleet.ClusterManager.Admission.Manifests;

/// <summary>What the reconciler of chains would find wrong is refused at once.</summary>
internal sealed class TemplateChainRule<TChain>(JsonTypeInfo<TChain> json) : TypedRule<TChain>(json)
    where TChain : TemplateChainSpec
{
    protected override IEnumerable<FieldProblem> Check(TChain spec) => TemplateChainRules.Problems(spec);
}
