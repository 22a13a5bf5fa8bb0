namespace Fleet.Cost.Assets;

/// <summary>
/// One thing that an asset is billed for, as the specification wants it: so much, for so long, at such a rate.
/// </summary>
/// <param name="Name">cpu, gpu, ram, disk, rules, ingress, egress, management.</param>
/// <param name="Amount">How much.</param>
/// <param name="Unit">Of what: cores, GPUs, GiB, rules, clusters.</param>
/// <param name="DurationHours">How long; null for what is billed by use.</param>
/// <param name="Rate">Currency per unit and hour, or per unit for what is billed by use.</param>
public sealed record CostComponent(string Name, double Amount, string Unit, double? DurationHours, double Rate)
{
    /// <summary>Amount × hours × hourly rate, or amount × unit rate.</summary>
    public double TotalCost => Amount * (DurationHours ?? 1) * Rate;

    /// <summary>From a cost that is known: the rate is what it comes to.</summary>
    internal static CostComponent OfCost(string name, double unitHours, string unit, double hours, double cost) =>
        new(name, hours > 0 ? unitHours / hours : 0, unit, hours, unitHours > 0 ? cost / unitHours : 0);
}
