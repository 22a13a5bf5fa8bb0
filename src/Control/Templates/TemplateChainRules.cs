using Fleet.Contracts.Chains;
using Fleet.Contracts.Validation;
using Fleet.Helm.Versions;

namespace Fleet.Control.Templates;

/// <summary>What makes a chain consistent in itself. Pure. Where upstream says the same, the words are upstream's.</summary>
public static class TemplateChainRules
{
    private const string List = "spec.supportedTemplates";

    /// <summary>Everything that is wrong, for its author; empty when the chain is consistent.</summary>
    public static IReadOnlyList<FieldProblem> Problems(TemplateChainSpec chain)
    {
        var templates = chain.SupportedTemplates ?? [];
        var names = templates.Select(template => template.Name).ToHashSet(StringComparer.Ordinal);
        return
        [
            .. templates.GroupBy(template => template.Name, StringComparer.Ordinal).Where(group => group.Count() > 1)
                .Select(group => new FieldProblem(List, $"template {group.Key} is listed more than once in '.spec.supportedTemplates'")),
            .. templates.SelectMany((template, index) => ProblemsOf(template, $"{List}[{index}].availableUpgrades", names)).DistinctBy(problem => problem.Message),
            .. VersionProblems(templates),
        ];
    }

    private static IEnumerable<FieldProblem> ProblemsOf(SupportedTemplate template, string path, HashSet<string> names)
    {
        var upgrades = template.AvailableUpgrades ?? [];
        for (var index = 0; index < upgrades.Count; index++)
            if (!names.Contains(upgrades[index].Name))
                yield return new($"{path}[{index}].name", $"template {upgrades[index].Name} is allowed for upgrade but is not present in the list of '.spec.supportedTemplates'");
        foreach (var group in upgrades.GroupBy(upgrade => upgrade.Name, StringComparer.Ordinal).Where(group => group.Count() > 1))
            yield return new(path, $"template {template.Name} lists the upgrade {group.Key} more than once");
        // Nothing could be put in order.
        if (upgrades.Select(upgrade => string.IsNullOrEmpty(upgrade.Version)).Distinct().Count() > 1)
            yield return new(path, $"template {template.Name} has mixed version/no-version available upgrades: either all or none should have version set");
        if (upgrades.Any(upgrade => upgrade.Name == template.Name))
            yield return new(path, $"template {template.Name} lists itself as an upgrade");
    }

    private static IEnumerable<FieldProblem> VersionProblems(List<SupportedTemplate> templates)
    {
        var stated = templates.SelectMany(template => template.AvailableUpgrades ?? []).Where(upgrade => upgrade.Version is { Length: > 0 }).ToList();
        foreach (var upgrade in stated.Where(upgrade => SemanticVersion.TryParse(upgrade.Version!) is null))
            yield return new(List, $"version \"{upgrade.Version}\" of the upgrade {upgrade.Name} is not a semantic version, for instance 1.2.0");
        foreach (var group in stated.GroupBy(upgrade => upgrade.Name, StringComparer.Ordinal))
            if (group.Select(upgrade => upgrade.Version).Distinct(StringComparer.Ordinal).Skip(1).Any())
                yield return new(List, $"the upgrade {group.Key} is stated with several versions: {string.Join(", ", group.Select(upgrade => upgrade.Version).Distinct(StringComparer.Ordinal))}");
    }
}
