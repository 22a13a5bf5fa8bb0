namespace Fleet.Cost.Allocations;

/// <summary>Allocations of one window in one currency. Names are unique: what has the same name is added up on the way in.</summary>
public sealed record AllocationSet
{
    public AllocationSet(QueryWindow window, IEnumerable<Allocation> allocations, string currency = "USD")
    {
        Window = window;
        Currency = currency;
        var sums = new Dictionary<string, AllocationSum>();
        foreach (var allocation in allocations)
            AllocationSum.In(sums, allocation.Name, allocation.Kind, withMetadata: true).Add(allocation);
        Allocations = sums.ToDictionary(pair => pair.Key, pair => pair.Value.ToAllocation(pair.Key));
    }

    public QueryWindow Window { get; }

    /// <summary>ISO 4217.</summary>
    public string Currency { get; }

    public IReadOnlyDictionary<string, Allocation> Allocations { get; }

    public double TotalCost => Allocations.Values.Sum(allocation => allocation.TotalCost);
}
