namespace Fleet.Cost.Teams;

/// <summary>Who caused which costs of a period. What everybody has adds up, to the cent, to all that is paid for, and what nobody has stays visible.</summary>
/// <param name="Items">The dearest first; then <c>__shared__</c>, what nobody is there to bear; what has no owner is <c>__unallocated__</c>, the last.</param>
/// <param name="Prior">What is known of the period before; null when nobody asked.</param>
public sealed record Showback(IReadOnlyList<ShowbackItem> Items, PriorPeriod? Prior = null)
{
    public decimal Total => Items.Sum(item => item.Total);

    public decimal Unallocated => Of(Allocations.AllocationKeys.Unallocated);

    /// <summary>What could not be divided.</summary>
    public decimal Undivided => Of(Allocations.AllocationKeys.Shared);

    private decimal Of(string owner) => Items.FirstOrDefault(item => item.Owner == owner)?.Total ?? 0;
}

/// <param name="Owner">A team, department, product, namespace or cluster.</param>
/// <param name="Direct">What its workloads cost.</param>
/// <param name="Idle">Its part of what nobody uses of the machines that it is on.</param>
/// <param name="SharedBy">Its part of each thing that all bear, by name.</param>
/// <param name="Before">The total of the period before; null when not all of it is known.</param>
/// <param name="Share">Of the total, from 0 to 1.</param>
public sealed record ShowbackItem(string Owner, decimal Direct, decimal Idle, IReadOnlyDictionary<string, decimal> SharedBy, decimal? Before, double Share)
{
    /// <summary>Its part of what all bear: fees, machines without workloads, amounts that are named.</summary>
    public decimal Shared => SharedBy.Values.Sum();

    public decimal Total => Direct + Idle + Shared;

    public decimal? Change => Total - Before;
}
