using Fleet.Cost.Allocations;

namespace Fleet.Cost.Sharing;

/// <summary>Which costs everybody bears.</summary>
public sealed record SharedCosts
{
    public static SharedCosts None { get; } = new();

    /// <summary>Namespaces whose workloads are shared, in every cluster.</summary>
    public IReadOnlySet<string> Namespaces { get; init; } = new HashSet<string>();

    /// <summary>Labels whose values make a workload shared: <c>app</c> → <c>ingress</c>.</summary>
    public IReadOnlyDictionary<string, IReadOnlySet<string>> Labels { get; init; } = new Dictionary<string, IReadOnlySet<string>>();

    /// <summary>Costs per hour that no workload causes, by name: management fees, an operator's time.</summary>
    public IReadOnlyDictionary<string, double> HourlyOverhead { get; init; } = new Dictionary<string, double>();

    public ShareSplit Split { get; init; }

    /// <summary>Whether rows say what their shared cost is made of.</summary>
    public bool IncludeBreakdown { get; init; }

    public bool IsShared(Allocation allocation) =>
        Namespaces.Contains(allocation.Properties.Namespace) || Labels.Any(label => HasValue(allocation, label.Key, label.Value));

    /// <summary>Overhead as allocations of nobody.</summary>
    public IEnumerable<Allocation> OverheadOf(QueryWindow window) => HourlyOverhead.Where(overhead => overhead.Value > 0).Select(overhead => new Allocation
    {
        Name = $"{overhead.Key}/{AllocationKeys.Shared}",
        Kind = AllocationKind.Shared,
        Window = window,
        Start = window.Start,
        End = window.End,
        SharedCost = overhead.Value * window.Duration.TotalHours,
    });

    /// <summary>The rule that made this allocation shared: the label's value, the namespace, or the overhead's name.</summary>
    public string NameOf(Allocation shared)
    {
        foreach (var (key, values) in Labels.OrderBy(label => label.Key, StringComparer.Ordinal))
            if (MetadataKeys.TryGet(shared.Properties.Labels, key, out var value) && values.Contains(value))
                return value;
        if (Namespaces.Contains(shared.Properties.Namespace))
            return shared.Properties.Namespace;
        return shared.Name.EndsWith($"/{AllocationKeys.Shared}", StringComparison.Ordinal) ? shared.Name[..^(AllocationKeys.Shared.Length + 1)] : shared.Name;
    }

    private static bool HasValue(Allocation allocation, string key, IReadOnlySet<string> values) =>
        MetadataKeys.TryGet(allocation.Properties.Labels, key, out var value) && values.Contains(value);
}
