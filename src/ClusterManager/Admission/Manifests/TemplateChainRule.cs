using System.Text.Json.Serialization.Metadata;
using Fleet.Contracts.Chains;
using Fleet.Contracts.Validation;

namespace Fleet.ClusterManager.Admission.Manifests;

/// <summary>Upgrades lead to templates of the chain, and state their versions all or not at all. The messages are upstream's.</summary>
internal sealed class TemplateChainRule<TChain>(JsonTypeInfo<TChain> json) : TypedRule<TChain>(json)
    where TChain : TemplateChainSpec
{
    protected override IEnumerable<FieldProblem> Check(TChain spec)
    {
        var templates = spec.SupportedTemplates ?? [];
        var known = templates.Select(template => template.Name).ToHashSet(StringComparer.Ordinal);
        for (var index = 0; index < templates.Count; index++)
        {
            var path = $"spec.supportedTemplates[{index}].availableUpgrades";
            var upgrades = templates[index].AvailableUpgrades ?? [];
            for (var number = 0; number < upgrades.Count; number++)
                if (!known.Contains(upgrades[number].Name))
                    yield return new(
                        $"{path}[{number}].name", $"template {upgrades[number].Name} is allowed for upgrade but is not present in the list of '.spec.supportedTemplates'");
            if (upgrades.Select(upgrade => string.IsNullOrEmpty(upgrade.Version)).Distinct().Count() > 1)
                yield return new(
                    path, $"template {templates[index].Name} has mixed version/no-version available upgrades: either all or none should have version set");
        }
    }
}
