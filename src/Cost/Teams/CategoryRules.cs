using Fleet.Contracts.Costs;
using Fleet.Cost.Allocations;
using Fleet.Cost.Filters;

namespace Fleet.Cost.Teams;

/// <summary>The rules of a category, ready to be asked to whom something belongs. What is shared is looked at first, then the rules in their order. Pure, and usable by many threads.</summary>
public sealed class CategoryRules
{
    /// <summary>What the names of shared costs begin with among values: no value of a rule does.</summary>
    public const string SharedPrefix = AllocationKeys.Shared + ":";

    /// <summary>An annotation may say anything, of any length.</summary>
    private const int LongestValue = 253;

    private readonly (string Name, AllocationFilter Filter)[] shared;
    private readonly Rule[] rules;
    private readonly string? rest;

    private CategoryRules((string, AllocationFilter)[] shared, Rule[] rules, string? rest) => (this.shared, this.rules, this.rest) = (shared, rules, rest);

    /// <exception cref="FilterException">A filter is none.</exception>
    public static CategoryRules Of(CostCategorySpec spec) => new(
        [.. (spec.Shared ?? []).Where(cost => cost.Filter is not null).Select(cost => (SharedPrefix + cost.Name, AllocationFilter.Parse(cost.Filter!)))],
        [.. spec.Rules.Select(Rule.Of)],
        string.IsNullOrEmpty(spec.DefaultValue) ? null : spec.DefaultValue);

    /// <summary>To whom it belongs; <see cref="SharedPrefix"/> and a name for what is shared; null for nobody.</summary>
    public string? ValueOf(AllocationProperties properties) => Match(properties).Value;

    /// <summary>As <see cref="ValueOf"/>, with the number of the rule from 0; -1 where it is no rule's.</summary>
    public (string? Value, int Rule) Match(AllocationProperties properties)
    {
        foreach (var (name, filter) in shared)
            if (filter.Matches(properties))
                return (name, -1);
        for (var index = 0; index < rules.Length; index++)
            if (rules[index].ValueOf(properties) is { } value)
                return (value, index);
        return (rest, -1);
    }

    private sealed record Rule(CostCategoryRule Spec, AllocationFilter Filter, HashSet<string>? Clusters, HashSet<string>? Namespaces)
    {
        public static Rule Of(CostCategoryRule rule) => new(
            rule, AllocationFilter.Parse(rule.Filter ?? ""), rule.Clusters?.ToHashSet(StringComparer.Ordinal), rule.Namespaces?.ToHashSet(StringComparer.Ordinal));

        public string? ValueOf(AllocationProperties properties) =>
            Clusters?.Contains(properties.Cluster) != false && Namespaces?.Contains(properties.Namespace) != false
            && Has(properties.Labels, Spec.Labels) && Has(properties.Annotations, Spec.Annotations) && Filter.Matches(properties)
                ? Spec.Value ?? Written(properties)
                : null;

        private string? Written(AllocationProperties properties)
        {
            var (map, key) = Spec.ValueFrom is { Label: { } label } ? (properties.Labels, label) : (properties.Annotations, Spec.ValueFrom?.Annotation ?? "");
            if (!MetadataKeys.TryGet(map, key, out var text) || string.IsNullOrWhiteSpace(text))
                return null;
            // What Fleet itself calls rows is nobody's name.
            return text.StartsWith("__", StringComparison.Ordinal) ? null : text.Length <= LongestValue ? text : text[..LongestValue];
        }

        private static bool Has(IReadOnlyDictionary<string, string> map, Dictionary<string, string>? wanted) =>
            wanted is null || wanted.All(pair => MetadataKeys.TryGet(map, pair.Key, out var value) && value == pair.Value);
    }
}
