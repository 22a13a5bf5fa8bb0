using Fleet.Contracts;
using Fleet.Contracts.StateProviders;
using Fleet.Contracts.Validation;

namespace Fleet.ClusterManager.Admission.Manifests;

/// <summary>A selector that can be understood.</summary>
internal sealed class StateManagementProviderRule() : TypedRule<StateManagementProviderSpec>(ContractsJson.Default.StateManagementProviderSpec)
{
    protected override IEnumerable<FieldProblem> Check(StateManagementProviderSpec spec) => SelectorSyntax.Check(spec.Selector, "spec.selector");
}
