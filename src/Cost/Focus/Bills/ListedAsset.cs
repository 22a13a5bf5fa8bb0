using Fleet.Cost.Assets;

namespace Fleet.Cost.Focus.Bills;

/// <summary>What something cost on a day by price sheets.</summary>
public sealed record ListedAsset(string Cluster, string Kind, string Name, string ProviderId, DateOnly Day, double Cost)
{
    /// <summary>Everything of a day, that costs anything.</summary>
    public static IEnumerable<ListedAsset> Of(AssetSet assets)
    {
        var day = DateOnly.FromDateTime(assets.Window.Start.UtcDateTime);
        return assets.Nodes.Select(node => new ListedAsset(node.Cluster, "Node", node.Name, node.ProviderId, day, node.TotalCost))
            .Concat(assets.Disks.Select(disk => new ListedAsset(disk.Cluster, "PersistentVolume", disk.Name, disk.ProviderId, day, disk.TotalCost)))
            .Concat(assets.LoadBalancers.Select(balancer => new ListedAsset(balancer.Cluster, "LoadBalancer", $"{balancer.Namespace}/{balancer.Service}", balancer.ProviderId, day, balancer.TotalCost)))
            .Concat(assets.ClusterManagement.Select(fee => new ListedAsset(fee.Cluster, "Cluster", fee.Cluster, "", day, fee.TotalCost)))
            .Concat(assets.Networks.Select(network => new ListedAsset(network.Cluster, "Network", "all", "", day, network.TotalCost)))
            .Where(asset => asset.Cost != 0);
    }
}
