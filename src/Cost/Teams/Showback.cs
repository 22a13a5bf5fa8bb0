namespace Fleet.Cost.Teams;

/// <summary>Who caused which costs of a period. What everybody has adds up to all that is paid for, and what nobody has stays visible.</summary>
/// <param name="Items">The dearest first; what has no owner is <c>__unallocated__</c>, the last.</param>
/// <param name="Unallocated">Of that.</param>
/// <param name="Total">Of all.</param>
public sealed record Showback(IReadOnlyList<ShowbackItem> Items, double Unallocated, double Total);

/// <param name="Owner">A team, department, product, namespace or cluster.</param>
/// <param name="Direct">What its workloads cost.</param>
/// <param name="Shared">Its part of what all bear: fees, machines without workloads, amounts that are named.</param>
/// <param name="Idle">Its part of what nobody uses of the machines that it is on.</param>
/// <param name="Before">The total of the period before; null when nothing is known of it.</param>
/// <param name="Share">Of the total, from 0 to 1.</param>
public sealed record ShowbackItem(string Owner, double Direct, double Shared, double Idle, double Total, double? Before, double Share)
{
    public double? Change => Total - Before;
}
