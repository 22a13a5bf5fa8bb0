namespace Fleet.Cost.Assets;

/// <summary>A cost after its discount, and what the bill makes of it in addition.</summary>
public readonly record struct AdjustedCost(double Discounted, double Adjustment)
{
    public double Total => Discounted + Adjustment;

    /// <param name="cost">At list price.</param>
    /// <param name="discount">From 0 to 1.</param>
    /// <param name="rate">What is billed for each unit of currency after the discount.</param>
    public static AdjustedCost Of(double cost, double discount, double rate)
    {
        var discounted = cost * (1 - discount);
        return new(discounted, discounted * rate - discounted);
    }
}
