namespace Fleet.Cost.Focus.Bills;

/// <summary>What a bill makes of the list price of one kind of a cluster's assets on a day.</summary>
/// <param name="ListCost">Of all of them, whether the bill knows them or not.</param>
/// <param name="Amount">What the bill adds; negative when it takes away.</param>
public sealed record BillAdjustment(DateOnly Day, string Cluster, AdjustedPart Part, double ListCost, double Amount)
{
    /// <summary>Of every cluster, kind and day on which a bill and the price sheets differ.</summary>
    /// <param name="unapplied">What is billed on days on which nothing is listed, so that there is nothing to add it to.</param>
    public static IReadOnlyList<BillAdjustment> Of(Reconciliation found, IEnumerable<ListedAsset> listed, out double unapplied)
    {
        var list = listed.GroupBy(asset => (asset.Day, asset.Cluster, asset.Kind)).ToDictionary(group => group.Key, group => group.Sum(asset => asset.Cost));
        var all = found.Resources.SelectMany(resource => resource.Days.Select(day => (Key: (day.Day, resource.Cluster, resource.Kind), Amount: day.EffectiveCost - day.ListCost)))
            .GroupBy(one => one.Key, one => one.Amount)
            .Select(group => new BillAdjustment(group.Key.Day, group.Key.Cluster, PartOf(group.Key.Kind), list.GetValueOrDefault(group.Key), group.Sum()))
            .Where(one => one.Amount != 0).ToList();
        unapplied = all.Where(one => one.ListCost <= 0).Sum(one => one.Amount);
        return [.. all.Where(one => one.ListCost > 0).OrderBy(one => one.Day).ThenBy(one => one.Cluster, StringComparer.Ordinal).ThenBy(one => one.Part)];
    }

    private static AdjustedPart PartOf(string kind) => kind switch
    {
        "Node" => AdjustedPart.Nodes,
        "PersistentVolume" => AdjustedPart.Volumes,
        "LoadBalancer" => AdjustedPart.LoadBalancers,
        "Network" => AdjustedPart.Network,
        _ => AdjustedPart.Management,
    };
}

/// <summary>What is adjusted together: within it all that costs anything changes by the same factor. Numbers are kept in the database.</summary>
public enum AdjustedPart
{
    Nodes,
    Volumes,
    LoadBalancers,
    Management,
    Network,
}
