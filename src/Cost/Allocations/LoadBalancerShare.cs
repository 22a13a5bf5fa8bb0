namespace Fleet.Cost.Allocations;

/// <summary>An allocation's part of a load balancer. Hours: how long the two were there together.</summary>
public sealed record LoadBalancerShare(string Service, double Cost, double Hours)
{
    /// <summary>Whether the address is not reachable from the internet.</summary>
    public bool IsPrivate { get; init; }

    public string Ip { get; init; } = "";

    public double Adjustment { get; init; }

    public static LoadBalancerShare Add(LoadBalancerShare one, LoadBalancerShare other) => one.Plus(other);

    internal LoadBalancerShare Plus(LoadBalancerShare other) =>
        this with { Cost = Cost + other.Cost, Hours = Hours + other.Hours, Adjustment = Adjustment + other.Adjustment };
}
