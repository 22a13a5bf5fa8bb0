using Fleet.Contracts.Chains;
using Fleet.Helm.Versions;

namespace Fleet.Control.Templates;

/// <summary>
/// Which templates may follow which, from all chains of a namespace together. Compared as semantic versions, never as text. A chain that
/// is not consistent does not count. Pure.
/// </summary>
public sealed class UpgradeGraph
{
    private readonly Dictionary<string, List<UpgradeTarget>> targets = new(StringComparer.Ordinal);

    private UpgradeGraph()
    {
    }

    /// <param name="chains">The chains of one namespace and kind.</param>
    /// <param name="chartVersions">Versions of templates that no chain states, usually of their charts.</param>
    public static UpgradeGraph From(IEnumerable<TemplateChainSpec> chains, IReadOnlyDictionary<string, string>? chartVersions = null)
    {
        var graph = new UpgradeGraph();
        foreach (var chain in chains.Where(chain => TemplateChainRules.Problems(chain).Count == 0))
            foreach (var template in chain.SupportedTemplates ?? [])
                foreach (var upgrade in template.AvailableUpgrades ?? [])
                    graph.Add(template.Name, upgrade, chartVersions);
        foreach (var list in graph.targets.Values)
            list.Sort();
        return graph;
    }

    /// <summary>What may follow next, oldest version first; templates without a version come last, by name.</summary>
    public IReadOnlyList<UpgradeTarget> AvailableFrom(string template) => targets.GetValueOrDefault(template) ?? [];

    /// <summary>Whether one step leads from the one to the other.</summary>
    public bool Allows(string from, string to) => AvailableFrom(from).Any(target => target.Template == to);

    /// <summary>
    /// The sequences with the fewest steps, each from the first template after <paramref name="from"/> to <paramref name="to"/>; several when they are
    /// equally long, at most <see cref="MaxPaths"/>. Empty when no sequence leads there, or when both are the same.
    /// </summary>
    public IReadOnlyList<IReadOnlyList<UpgradeTarget>> PathsTo(string from, string to)
    {
        var steps = StepsFrom(from);
        if (from == to || !steps.ContainsKey(to))
            return [];
        var found = new List<IReadOnlyList<UpgradeTarget>>();
        Walk(from, to, StepsTo(to, steps), [], found);
        return found;
    }

    /// <summary>Everything that can be reached in any number of steps, nearest version first, each with its shortest sequences.</summary>
    public IReadOnlyList<UpgradeRoute> RoutesFrom(string template)
    {
        var steps = StepsFrom(template);
        return
        [
            .. steps.Keys.Where(name => name != template)
                .Select(name => new UpgradeRoute(Target(name), PathsTo(template, name)))
                .OrderBy(route => route.Target),
        ];
    }

    /// <summary>Equally short sequences to one template that are told; more would not help anybody to choose.</summary>
    public const int MaxPaths = 16;

    private void Add(string from, AvailableUpgrade upgrade, IReadOnlyDictionary<string, string>? chartVersions)
    {
        if (upgrade.Name == from)
            return;
        var version = upgrade.Version is { Length: > 0 } stated ? stated : chartVersions?.GetValueOrDefault(upgrade.Name);
        if (!targets.TryGetValue(from, out var list))
            targets[from] = list = [];
        var known = list.FindIndex(target => target.Template == upgrade.Name);
        if (known < 0)
            list.Add(new(upgrade.Name, version));
        else if (list[known].Version is null && version is not null)
            list[known] = new(upgrade.Name, version);
    }

    private UpgradeTarget Target(string name) =>
        targets.Values.SelectMany(list => list).Where(target => target.Template == name).OrderBy(target => target.Version is null).First();

    // Breadth first: the number of steps to everything that can be reached. Cycles end where they began.
    private Dictionary<string, int> StepsFrom(string template)
    {
        var steps = new Dictionary<string, int>(StringComparer.Ordinal) { [template] = 0 };
        var open = new Queue<string>([template]);
        while (open.TryDequeue(out var current))
            foreach (var next in AvailableFrom(current))
                if (steps.TryAdd(next.Template, steps[current] + 1))
                    open.Enqueue(next.Template);
        return steps;
    }

    // From everything on a shortest sequence: the number of steps that are left. Without this, a search would try all dead ends.
    private Dictionary<string, int> StepsTo(string template, Dictionary<string, int> steps)
    {
        var before = steps.Keys.SelectMany(from => AvailableFrom(from).Select(to => (From: from, To: to.Template))).ToLookup(step => step.To, step => step.From);
        var left = new Dictionary<string, int>(StringComparer.Ordinal) { [template] = 0 };
        var open = new Queue<string>([template]);
        while (open.TryDequeue(out var current))
            foreach (var from in before[current].Where(from => steps[from] == steps[current] - 1))
                if (left.TryAdd(from, left[current] + 1))
                    open.Enqueue(from);
        return left;
    }

    private void Walk(string from, string to, Dictionary<string, int> left, List<UpgradeTarget> path, List<IReadOnlyList<UpgradeTarget>> found)
    {
        foreach (var next in AvailableFrom(from))
        {
            if (found.Count >= MaxPaths || !left.TryGetValue(next.Template, out var more) || more != left[from] - 1)
                continue;
            path.Add(next);
            if (next.Template == to)
                found.Add([.. path]);
            else
                Walk(next.Template, to, left, path, found);
            path.RemoveAt(path.Count - 1);
        }
    }
}

/// <summary>A template that may follow. <paramref name="Version"/> is what the chain states, else its chart's; null when neither is known.</summary>
public sealed record UpgradeTarget(string Template, string? Version) : IComparable<UpgradeTarget>
{
    private readonly SemanticVersion? semantic = Version is null ? null : SemanticVersion.TryParse(Version);

    public int CompareTo(UpgradeTarget? other)
    {
        if (other is null)
            return 1;
        if (semantic is null || other.semantic is null)
            return (semantic is null, Template).CompareTo((other.semantic is null, other.Template));
        var order = semantic.CompareTo(other.semantic);
        return order != 0 ? order : string.CompareOrdinal(Template, other.Template);
    }

    public bool Equals(UpgradeTarget? other) => other is not null && Template == other.Template && Version == other.Version;

    public override int GetHashCode() => HashCode.Combine(Template, Version);

    public static bool operator <(UpgradeTarget left, UpgradeTarget right) => left.CompareTo(right) < 0;

    public static bool operator >(UpgradeTarget left, UpgradeTarget right) => left.CompareTo(right) > 0;

    public static bool operator <=(UpgradeTarget left, UpgradeTarget right) => left.CompareTo(right) <= 0;

    public static bool operator >=(UpgradeTarget left, UpgradeTarget right) => left.CompareTo(right) >= 0;
}

/// <summary>A template that can be reached, and the shortest ways there.</summary>
public sealed record UpgradeRoute(UpgradeTarget Target, IReadOnlyList<IReadOnlyList<UpgradeTarget>> Paths);
