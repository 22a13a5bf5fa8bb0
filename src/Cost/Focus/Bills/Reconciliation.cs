namespace Fleet.Cost.Focus.Bills;

/// <summary>A bill beside list prices. Sums of <see cref="Resources"/> and what is unmatched are all of both.</summary>
public sealed record Reconciliation(string Currency, IReadOnlyList<ReconciledResource> Resources, IReadOnlyList<UnmatchedCharge> UnmatchedBill, IReadOnlyList<UnmatchedAsset> UnmatchedList)
{
    public double ListCost => Resources.Sum(resource => resource.ListCost) + UnmatchedList.Sum(asset => asset.ListCost);

    public double EffectiveCost => Resources.Sum(resource => resource.EffectiveCost) + UnmatchedBill.Sum(charge => charge.EffectiveCost);
}

/// <summary>Something that both know.</summary>
/// <param name="ResourceId">As the bill has it.</param>
/// <param name="Services">Of the bill.</param>
/// <param name="Days">On which either has a cost.</param>
public sealed record ReconciledResource(string ResourceId, string Cluster, string Kind, string Name, IReadOnlyList<string> Services, IReadOnlyList<ReconciledDay> Days)
{
    public double ListCost => Days.Sum(day => day.ListCost);

    public double EffectiveCost => Days.Sum(day => day.EffectiveCost);

    /// <summary>OpenCost's adjustment: what the bill adds to the list price.</summary>
    public double Adjustment => EffectiveCost - ListCost;

    /// <summary>What is billed for each unit of currency; null when nothing is listed.</summary>
    public double? Factor => ListCost > 0 ? EffectiveCost / ListCost : null;
}

public sealed record ReconciledDay(DateOnly Day, double ListCost, double EffectiveCost);

/// <param name="ResourceId">Empty for charges of no resource.</param>
public sealed record UnmatchedCharge(string ResourceId, string Service, double EffectiveCost);

public sealed record UnmatchedAsset(string Cluster, string Kind, string Name, string ProviderId, double ListCost);
