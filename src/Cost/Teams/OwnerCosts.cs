using Fleet.Cost.Days;

namespace Fleet.Cost.Teams;

/// <summary>Costs of a period, before what is shared is divided.</summary>
/// <param name="Owners">By cluster and owner.</param>
/// <param name="Paid">By cluster: all that is paid for it.</param>
public sealed record OwnerCosts(IReadOnlyList<DayCost> Owners, IReadOnlyList<DayCost> Paid)
{
    public bool IsNothing => Owners.Count == 0 && Paid.Count == 0;
}

/// <summary>What an owner bears of the costs of one cluster.</summary>
/// <param name="Cluster">Nothing for sums that no cluster has and nobody bears.</param>
/// <param name="Owner">The owner; <c>__unallocated__</c>; <c>__shared__</c> for what nobody is there to bear.</param>
/// <param name="Direct">What its workloads cost.</param>
/// <param name="Idle">Its part of what nobody uses of the machines that it is on.</param>
/// <param name="Shared">Its part of each shared cost, by name.</param>
public sealed record OwnerShare(string Cluster, string Owner, double Direct, double Idle, IReadOnlyDictionary<string, double> Shared)
{
    public double Total => Direct + Idle + Shared.Values.Sum();
}
