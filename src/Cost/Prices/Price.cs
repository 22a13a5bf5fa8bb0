namespace Fleet.Cost.Prices;

/// <summary>A price that was found, and where, so that a figure leads to what it was made of.</summary>
/// <param name="Amount">Currency per unit.</param>
/// <param name="Currency">ISO 4217.</param>
/// <param name="Sheet">Name of the price sheet.</param>
/// <param name="ValidFrom">When its period began.</param>
public sealed record Price(double Amount, string Currency, string Sheet, DateTimeOffset ValidFrom);
