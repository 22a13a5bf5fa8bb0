using Fleet.Contracts.Prices;

namespace Fleet.Cost.Prices;

/// <summary>Whether a price is for a machine, and how closely. Pure.</summary>
internal static class NodePriceMatch
{
    public static bool Fits(NodePrice row, PricedNode node) =>
        (row.NodePools is null || row.NodePools.Contains(node.Pool))
        && (row.InstanceTypes is null || row.InstanceTypes.Contains(node.InstanceType))
        && (row.Regions is null || row.Regions.Contains(node.Region))
        && (row.NodeLabels ?? []).All(label => node.Labels.TryGetValue(label.Key, out var value) && value == label.Value)
        && (row.Spot ?? node.IsSpot) == node.IsSpot;

    /// <summary>One bit for each way of being specific, the strongest first: a node pool outweighs everything below it.</summary>
    public static int SpecificityOf(NodePrice row) =>
        (row.NodePools is not null ? 16 : 0) + (row.InstanceTypes is not null ? 8 : 0) + (row.NodeLabels is { Count: > 0 } ? 4 : 0) + (row.Regions is not null ? 2 : 0) + (row.Spot is not null ? 1 : 0);
}
