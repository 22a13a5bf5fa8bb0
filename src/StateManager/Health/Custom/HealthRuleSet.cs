using Fleet.Kubernetes.Objects;

namespace Fleet.StateManager.Health.Custom;

/// <summary>
/// The ConfigMaps of rules that count in one namespace, in upstream's three tiers, which add up: global ones of the system namespace, global ones of the
/// namespace, and those for one owner.
/// </summary>
internal sealed class HealthRuleSet
{
    private readonly IReadOnlyList<HealthRuleConfigMap> maps;

    public HealthRuleSet(IEnumerable<HealthRuleConfigMap> maps)
    {
        this.maps = [.. maps.OrderBy(m => m.Key.ToString(), StringComparer.Ordinal)];
        Rules = this.maps.SelectMany(m => m.Rules).GroupBy(r => r.Type).ToDictionary(g => g.Key, g => (IReadOnlyList<HealthRule>)[.. g]);
    }

    public static HealthRuleSet Empty { get; } = new([]);

    /// <summary>Also those for single owners: what they find is kept apart by owner.</summary>
    public IReadOnlyDictionary<GroupVersionKind, IReadOnlyList<HealthRule>> Rules { get; }

    /// <summary>What is wrong with the rules that a ServiceSet made for this owner is judged by.</summary>
    public IReadOnlyList<string> FaultsFor(string owner) => [.. maps.Where(m => m.Target == HealthRule.Global || m.Target == owner).SelectMany(m => m.Faults)];
}
