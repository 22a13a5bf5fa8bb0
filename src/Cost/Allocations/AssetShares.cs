namespace Fleet.Cost.Allocations;

/// <summary>Finds the parts of assets that allocations take. Assets are what all allocations of a set, with idle, cost together. Pure.</summary>
internal sealed class AssetShares
{
    private readonly Dictionary<string, AssetCosts> totals = [];
    private readonly bool byNode;

    private AssetShares(bool byNode) => this.byNode = byNode;

    /// <param name="byNode">Whether machines, volumes and load balancers are told apart; otherwise all of a cluster is one.</param>
    public static AssetShares Of(IEnumerable<Allocation> allocations, bool byNode)
    {
        var shares = new AssetShares(byNode);
        foreach (var allocation in allocations)
            foreach (var (key, share) in shares.Parts(allocation))
                shares.totals[key] = shares.totals.GetValueOrDefault(key) + share.Costs;
        return shares;
    }

    public IReadOnlyDictionary<string, AssetShare> Of(Allocation allocation)
    {
        var found = new Dictionary<string, AssetShare>();
        foreach (var (key, share) in Parts(allocation))
            found[key] = found.TryGetValue(key, out var known)
                ? known with { Costs = known.Costs + share.Costs }
                : share with { Totals = totals.GetValueOrDefault(key) };
        return found;
    }

    private IEnumerable<(string Key, AssetShare Share)> Parts(Allocation allocation)
    {
        var properties = allocation.Properties;
        yield return Keyed(new(properties.Cluster, properties.Node, "Node", properties.ProviderId)
        {
            Costs = new(allocation.Cpu.TotalCost, allocation.Gpu.TotalCost, allocation.Ram.TotalCost, 0, 0),
        });
        foreach (var (key, volume) in allocation.Volumes)
            yield return Keyed(new(key.Cluster, key.Name, "PV", volume.ProviderId) { Costs = new(0, 0, 0, volume.Cost + volume.Adjustment, 0) });
        foreach (var balancer in allocation.LoadBalancers.Values)
            yield return Keyed(new(properties.Cluster, balancer.Service, "LoadBalancer", "") { Costs = new(0, 0, 0, 0, balancer.Cost + balancer.Adjustment) });
    }

    private (string, AssetShare) Keyed(AssetShare share) =>
        byNode ? ($"{share.Cluster},{share.Name}", share) : (share.Cluster, share with { Name = "", Type = "", ProviderId = "" });
}
