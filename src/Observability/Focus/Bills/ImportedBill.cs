namespace Fleet.Observability.Focus.Bills;

/// <summary>A bill that costs are adjusted by.</summary>
/// <param name="Rows">Lines of the bill.</param>
/// <param name="ListCost">Of all that is listed in the window.</param>
/// <param name="EffectiveCost">Of all of the bill in the window.</param>
/// <param name="Adjustment">What it adds to list prices together.</param>
/// <param name="Unmatched">Of the bill, what belongs to nothing that is known, and so is nowhere in the costs.</param>
/// <param name="Unapplied">What it has of known resources on days on which these are not listed.</param>
internal sealed record ImportedBill(
    string Name, string Currency, DateTimeOffset Start, DateTimeOffset End, DateTimeOffset ImportedAt, string ImportedBy, long Rows, double ListCost, double EffectiveCost, double Adjustment,
    double Unmatched, double Unapplied);
