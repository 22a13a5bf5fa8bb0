namespace Fleet.Cost.Invariant;

/// <summary>How far sums may be apart: rounding of doubles, not money.</summary>
public readonly record struct CostTolerance(double Absolute, double Relative)
{
    /// <summary>A millionth of the currency or of the sum.</summary>
    public static CostTolerance Default { get; } = new(1e-6, 1e-6);

    public double Of(double sum) => Math.Max(Absolute, Relative * sum);
}
