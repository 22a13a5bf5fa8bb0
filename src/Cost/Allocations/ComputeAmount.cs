namespace Fleet.Cost.Allocations;

/// <summary>
/// What an allocation takes of one computing resource. The unit U is cores for CPU, devices for GPU and bytes for RAM; costs are in the currency of the set.
/// </summary>
public readonly record struct ComputeAmount
{
    /// <summary>U × hours: max(request, usage) over the lifetime.</summary>
    public double Hours { get; init; }

    /// <summary>U, on average over the span of the allocation.</summary>
    public double RequestAverage { get; init; }

    /// <summary>U, on average over the span of the allocation.</summary>
    public double UsageAverage { get; init; }

    /// <summary>Cost at list price after discounts, before <see cref="CostAdjustment"/>; with shared idle, that too.</summary>
    public double Cost { get; init; }

    /// <summary>What the bill makes of it, in addition.</summary>
    public double CostAdjustment { get; init; }

    /// <summary>The part of <see cref="Cost"/> that is shared idle.</summary>
    public double CostIdle { get; init; }

    public double TotalCost => Cost + CostAdjustment;

    /// <summary>A container's amount that OpenCost calculates: max(request, usage) per sample averaged to <paramref name="allocated"/>, never below the request.</summary>
    /// <param name="allocated">U, average of what was allocated per sample.</param>
    /// <param name="requested">U, average of the request.</param>
    /// <param name="used">U, average of the usage.</param>
    /// <param name="hours">Lifetime in the window.</param>
    /// <param name="pricePerUnitHour">Price of one U for an hour.</param>
    public static ComputeAmount Of(double allocated, double requested, double used, double hours, double pricePerUnitHour)
    {
        var unitHours = Billed(allocated, requested) * hours;
        return new() { Hours = unitHours, RequestAverage = CostUnits.Finite(requested), UsageAverage = CostUnits.Finite(used), Cost = unitHours * pricePerUnitHour };
    }

    /// <summary>What is paid for: the greater of request and usage. What is missing (NaN) or negative counts as nothing.</summary>
    public static double Billed(double requested, double used) => Math.Max(AtLeastZero(requested), AtLeastZero(used));

    /// <summary>
    /// Usage / request; may exceed 1. Without a request 1 when something is used and paid for, else 0.
    /// </summary>
    public double Efficiency => RequestAverage > 0
        ? UsageAverage / RequestAverage
        : UsageAverage == 0 || TotalCost == 0 ? 0 : 1;

    internal ComputeAmount WithIdle(double hours, double cost) => this with { Hours = Hours + hours, Cost = Cost + cost, CostIdle = CostIdle + cost };

    /// <summary>The bill adds so much for each unit of currency.</summary>
    internal ComputeAmount Adjusted(double rate) => this with { CostAdjustment = CostAdjustment + TotalCost * rate };

    internal ComputeAmount Times(double factor) => this with { Hours = Hours * factor, Cost = Cost * factor, CostAdjustment = CostAdjustment * factor, CostIdle = CostIdle * factor };

    private static double AtLeastZero(double value) => double.IsFinite(value) && value > 0 ? value : 0;
}
