namespace Fleet.Cost.Allocations;

/// <summary>Allocations of one window in one currency. Names are unique: what has the same name is added up on the way in.</summary>
public sealed record AllocationSet
{
    public AllocationSet(QueryWindow window, IEnumerable<Allocation> allocations, string currency = "USD")
    {
        Window = window;
        Currency = currency;
        var all = new Dictionary<string, Allocation>();
        // Nearly all names come once, and sets are large: only what comes again is added up.
        var sums = new Dictionary<string, AllocationSum>();
        foreach (var allocation in allocations)
            if (!all.TryAdd(allocation.Name, allocation))
            {
                var sum = AllocationSum.In(sums, allocation.Name, all[allocation.Name].Kind, withMetadata: true);
                if (sum.IsEmpty)
                    sum.Add(all[allocation.Name]);
                sum.Add(allocation);
            }
        foreach (var (name, sum) in sums)
            all[name] = sum.ToAllocation(name);
        Allocations = all;
    }

    public QueryWindow Window { get; }

    /// <summary>ISO 4217.</summary>
    public string Currency { get; }

    public IReadOnlyDictionary<string, Allocation> Allocations { get; }

    public double TotalCost => Allocations.Values.Sum(allocation => allocation.TotalCost);
}
