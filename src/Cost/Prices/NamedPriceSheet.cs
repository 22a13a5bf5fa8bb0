using Fleet.Contracts.Prices;

namespace Fleet.Cost.Prices;

/// <summary>A price sheet that is for a cluster; whether its selector finds the cluster is known to whoever gives it.</summary>
public sealed record NamedPriceSheet(string Name, PriceSheetSpec Spec);
