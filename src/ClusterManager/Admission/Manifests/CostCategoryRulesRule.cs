using Fleet.Contracts;
using Fleet.Contracts.Costs;
using Fleet.Contracts.Validation;

namespace Fleet.ClusterManager.Admission.Manifests;

/// <summary>What the schema of a cost category can not say: filters that are none, shares that are more than all, one cost that is shared twice.</summary>
internal sealed class CostCategoryRulesRule() : TypedRule<CostCategorySpec>(ContractsJson.Default.CostCategorySpec)
{
    protected override IEnumerable<FieldProblem> Check(CostCategorySpec spec)
    {
        for (var index = 0; index < spec.Rules.Count; index++)
            if (FilterRule.ProblemOf(spec.Rules[index].Filter) is { } wrong)
                yield return new($"spec.rules[{index}].filter", wrong);
        var values = spec.Rules.Select(rule => rule.Value).Append(spec.DefaultValue).OfType<string>().ToHashSet(StringComparer.Ordinal);
        var isOpen = spec.Rules.Any(rule => rule.ValueFrom is not null);
        var (names, sources) = (new HashSet<string>(StringComparer.Ordinal), new HashSet<string>(StringComparer.Ordinal));
        for (var index = 0; index < (spec.Shared?.Count ?? 0); index++)
        {
            var (cost, path) = (spec.Shared![index], $"spec.shared[{index}]");
            if (!names.Add(cost.Name))
                yield return new($"{path}.name", $"{cost.Name} is in the list already");
            if (cost.Of is { } of && !sources.Add(of))
                yield return new($"{path}.of", $"{of} is shared by the list already");
            // Reports call by this name what no shared cost takes.
            if (cost.Name == "overhead" && cost.Of != "Overhead")
                yield return new($"{path}.name", "overhead is the name of what clusters cost beyond workloads and idle");
            foreach (var problem in OfCost(cost, path, isOpen ? null : values))
                yield return problem;
        }
    }

    private static IEnumerable<FieldProblem> OfCost(SharedCost cost, string path, HashSet<string>? values)
    {
        if (FilterRule.ProblemOf(cost.Filter) is { } wrong)
            yield return new($"{path}.filter", wrong);
        else if (cost.Filter is { } filter && string.IsNullOrWhiteSpace(filter))
            yield return new($"{path}.filter", "must say something: nobody is left to bear what everything costs");
        if (cost.Monthly is not null && cost.Among == "Cluster")
            yield return new($"{path}.among", "must be Fleet or absent: no cluster has a monthly sum");
        if (cost.Method == "Fixed" != cost.Shares is not null)
            yield return new($"{path}.shares", cost.Shares is null ? "are needed with method Fixed" : "are for method Fixed only");
        if (cost.Shares?.Sum(share => share.Percent) > 100)
            yield return new($"{path}.shares", "must be at most 100 percent together");
        var seen = new HashSet<string>(StringComparer.Ordinal);
        for (var index = 0; index < (cost.Shares?.Count ?? 0); index++)
        {
            var value = cost.Shares![index].Value;
            if (!seen.Add(value))
                yield return new($"{path}.shares[{index}].value", $"{value} is in the list already");
            if (values?.Contains(value) == false)
                yield return new($"{path}.shares[{index}].value", $"no rule has the value {value}");
        }
    }
}
