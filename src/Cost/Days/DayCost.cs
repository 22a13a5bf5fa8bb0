using Fleet.Cost.Allocations;

namespace Fleet.Cost.Days;

/// <summary>What something cost in a day, in one cluster.</summary>
/// <param name="Cluster">The cluster.</param>
/// <param name="Name">Of what was added up: a namespace, a team; the cluster itself for the cluster.</param>
public sealed record DayCost(string Cluster, string Name)
{
    /// <summary>What its workloads cost, and volumes and load balancers without one.</summary>
    public double Direct { get; init; }

    /// <summary>Its part of what nobody uses of the machines.</summary>
    public double Idle { get; init; }

    /// <summary>Fees for the cluster and the machines' own disks: of clusters, and of filters that they fit.</summary>
    public double Overhead { get; init; }

    /// <summary>Cost of CPU and memory, without idle.</summary>
    public double Compute { get; init; }

    /// <summary>The used part of <see cref="Compute"/>; by it efficiencies can be added up.</summary>
    public double Efficient { get; init; }

    public MissingPrice Missing { get; init; }

    public double Total => Direct + Idle + Overhead;

    public double Efficiency => Compute > 0 ? Efficient / Compute : 0;

    public bool IsNothing => Direct == 0 && Idle == 0 && Overhead == 0 && Missing == MissingPrice.None;

    public DayCost Plus(DayCost other) => this with
    {
        Direct = Direct + other.Direct,
        Idle = Idle + other.Idle,
        Overhead = Overhead + other.Overhead,
        Compute = Compute + other.Compute,
        Efficient = Efficient + other.Efficient,
        Missing = Missing | other.Missing,
    };

    public static DayCost Sum(IEnumerable<DayCost> costs) => costs.Aggregate(new DayCost("", ""), (sum, cost) => sum.Plus(cost));
}
