using Fleet.Contracts;
using Fleet.Contracts.Access;
using Fleet.Contracts.Validation;

namespace Fleet.ClusterManager.Admission.Manifests;

/// <summary>Selectors that can be understood, and kinds that are named.</summary>
internal sealed class AccessRulesRule() : TypedRule<AccessManagementSpec>(ContractsJson.Default.AccessManagementSpec)
{
    protected override IEnumerable<FieldProblem> Check(AccessManagementSpec spec)
    {
        var rules = spec.AccessRules ?? [];
        for (var index = 0; index < rules.Count; index++)
        {
            var path = $"spec.accessRules[{index}]";
            foreach (var problem in SelectorSyntax.Check(rules[index].TargetNamespaces?.Selector, $"{path}.targetNamespaces.selector")
                .Concat(SelectorSyntax.Check(rules[index].TargetNamespaces?.StringSelector, $"{path}.targetNamespaces.stringSelector")))
                yield return problem;
            var resources = rules[index].Resources ?? [];
            for (var number = 0; number < resources.Count; number++)
            {
                var at = $"{path}.resources[{number}]";
                if (resources[number].Kind.Length == 0)
                    yield return new($"{at}.kind", "must name a kind");
                foreach (var problem in SelectorSyntax.Check(resources[number].Selector, $"{at}.selector")
                    .Concat(SelectorSyntax.Check(resources[number].StringSelector, $"{at}.stringSelector")))
                    yield return problem;
            }
        }
    }
}
