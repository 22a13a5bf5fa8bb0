using Fleet.Cost.Prices;

namespace Fleet.Cost.Pricing;

/// <summary>A machine that was there from start to end.</summary>
public sealed record NodeSpan(string Name, PricedNode Machine, DateTimeOffset Start, DateTimeOffset End)
{
    public string ProviderId { get; init; } = "";

    /// <summary>A bill's adjustment of the whole machine.</summary>
    public double Adjustment { get; init; }

    public double Hours => (End - Start).TotalHours;
}
