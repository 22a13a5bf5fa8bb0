using Fleet.Contracts.Prices;

namespace Fleet.Cost.Prices;

/// <summary>An hour of a machine of one's own: purchase spread over its life, monthly costs, and energy with what the building adds. Pure.</summary>
public static class OnPremisesHour
{
    public static double Of(OnPremisesPrice price)
    {
        var writtenOff = (double)(price.PurchasePrice - (price.ResidualValue ?? 0)) / (price.LifetimeMonths * CostUnits.HoursPerMonth);
        var monthly = (double)(price.Month ?? 0) / CostUnits.HoursPerMonth;
        var energy = (double)((price.Watts ?? 0) / 1000 * (price.PowerUsageEffectiveness ?? 1) * (price.EnergyKwh ?? 0));
        return writtenOff + monthly + energy;
    }
}
