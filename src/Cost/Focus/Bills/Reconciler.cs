namespace Fleet.Cost.Focus.Bills;

/// <summary>Finds for each resource of a bill what it is in the fleet, and puts both costs beside each other, day by day. Pure.</summary>
public static class Reconciler
{
    /// <param name="listed">In the currency of the bill.</param>
    public static Reconciliation Compare(BillTotals bill, IEnumerable<ListedAsset> listed)
    {
        var assets = listed.GroupBy(asset => (asset.Cluster, asset.Kind, asset.Name, asset.ProviderId)).Select(group => new Asset(group.First(), [.. group])).ToList();
        var (whole, last) = (new Names(), new Names());
        foreach (var asset in assets)
        {
            // Fleet's own exports name what has no provider's id by cluster, type and name.
            whole.Add(ResourceIds.Whole(asset.First.ProviderId.Length > 0 ? asset.First.ProviderId : $"{asset.First.Cluster}/{asset.First.Kind}/{asset.First.Name}"), asset);
            if (asset.First.ProviderId.Length > 0)
                last.Add(ResourceIds.Last(asset.First.ProviderId), asset);
        }
        var matched = new Dictionary<Asset, List<KeyValuePair<BillKey, double>>>();
        var unmatched = new List<KeyValuePair<BillKey, double>>();
        foreach (var group in bill.Sums.GroupBy(sum => sum.Key.ResourceId))
            if (group.Key.Length > 0 && (whole.Find(ResourceIds.Whole(group.Key)) ?? last.Find(ResourceIds.Last(group.Key))) is { } asset)
            {
                if (!matched.TryGetValue(asset, out var charges))
                    matched[asset] = charges = [];
                charges.AddRange(group);
            }
            else
                unmatched.AddRange(group);
        return new(
            bill.Currency ?? "",
            [.. matched.Select(pair => Resource(pair.Key, pair.Value)).OrderByDescending(resource => Math.Abs(resource.Adjustment)).ThenBy(resource => resource.ResourceId, StringComparer.Ordinal)],
            [
                .. unmatched.GroupBy(charge => (charge.Key.ResourceId, charge.Key.Service)).Select(group => new UnmatchedCharge(group.Key.ResourceId, group.Key.Service, group.Sum(charge => charge.Value)))
                    .OrderByDescending(charge => Math.Abs(charge.EffectiveCost)).ThenBy(charge => charge.ResourceId, StringComparer.Ordinal),
            ],
            [
                .. assets.Where(asset => !matched.ContainsKey(asset))
                    .Select(asset => new UnmatchedAsset(asset.First.Cluster, asset.First.Kind, asset.First.Name, asset.First.ProviderId, asset.Days.Sum(day => day.Cost)))
                    .OrderByDescending(asset => asset.ListCost).ThenBy(asset => asset.Cluster, StringComparer.Ordinal).ThenBy(asset => asset.Name, StringComparer.Ordinal),
            ]);
    }

    private static ReconciledResource Resource(Asset asset, List<KeyValuePair<BillKey, double>> charges)
    {
        var list = asset.Days.GroupBy(day => day.Day).ToDictionary(group => group.Key, group => group.Sum(day => day.Cost));
        var billed = charges.GroupBy(charge => charge.Key.Day).ToDictionary(group => group.Key, group => group.Sum(charge => charge.Value));
        return new(
            charges[0].Key.ResourceId, asset.First.Cluster, asset.First.Kind, asset.First.Name, [.. charges.Select(charge => charge.Key.Service).Distinct().Order(StringComparer.Ordinal)],
            [.. list.Keys.Union(billed.Keys).Order().Select(day => new ReconciledDay(day, list.GetValueOrDefault(day), billed.GetValueOrDefault(day)))]);
    }

    private sealed class Asset(ListedAsset first, IReadOnlyList<ListedAsset> days)
    {
        public ListedAsset First { get; } = first;

        public IReadOnlyList<ListedAsset> Days { get; } = days;
    }

    /// <summary>A name that two things have is none: a cost would go to the wrong one.</summary>
    private sealed class Names
    {
        private readonly Dictionary<string, Asset?> known = new(StringComparer.Ordinal);

        public void Add(string name, Asset asset)
        {
            if (name.Length > 0)
                known[name] = known.ContainsKey(name) ? null : asset;
        }

        public Asset? Find(string name) => name.Length > 0 ? known.GetValueOrDefault(name) : null;
    }
}
