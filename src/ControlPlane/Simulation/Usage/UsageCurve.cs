using Fleet.ControlPlane.Simulation.Objects;

namespace Fleet.ControlPlane.Simulation.Usage;

/// <summary>
/// A figure over time: a shape, moved and scaled, with a ripple of sines on it. Never negative, and with an exact integral, so a counter made of it
/// never goes back and needs no memory.
/// </summary>
internal readonly struct UsageCurve
{
    /// <summary>The three sines together stay below the lowest level of any shape.</summary>
    private static readonly double[] Amplitudes = [0.30, 0.22, 0.16];

    // Not multiples of each other, so that the sum does not repeat itself within the day.
    private static readonly double[] Periods = [433, 1_721, 7_927];

    /// <summary>A Monday, so that a week of shapes begins with the week.</summary>
    private static readonly DateTimeOffset Origin = new(2024, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly PeriodicShape shape;
    private readonly double shift;
    private readonly double scale;
    private readonly double ripple;
    private readonly double phase;

    /// <param name="shape">How it goes.</param>
    /// <param name="mean">The average over a period of the shape.</param>
    /// <param name="shift">By how many seconds it comes later than the shape says.</param>
    /// <param name="seed">Of the ripple.</param>
    public UsageCurve(PeriodicShape shape, double mean, double shift, string seed)
    {
        this.shape = shape;
        this.shift = shift;
        scale = mean / shape.Mean;
        ripple = scale * Math.Min(shape.Least, 0.25 * shape.Mean);
        phase = StableHash.Number(seed) % 10_000 / 10_000d * 2 * Math.PI;
    }

    /// <summary>Never exceeded.</summary>
    public double Most => scale * shape.Most + ripple * Amplitudes.Sum();

    public double At(DateTimeOffset time)
    {
        var second = Second(time);
        var value = scale * shape.Level(second - shift);
        for (var i = 0; i < Periods.Length; i++)
            value += ripple * Amplitudes[i] * Math.Sin(Angle(second, i));
        return value;
    }

    /// <summary>Exact; 0 when the end is not after the start.</summary>
    public double Integral(DateTimeOffset from, DateTimeOffset to)
    {
        if (to <= from)
            return 0;
        var (a, b) = (Second(from), Second(to));
        var sum = scale * (shape.Integral(b - shift) - shape.Integral(a - shift));
        for (var i = 0; i < Periods.Length; i++)
            sum += ripple * Amplitudes[i] * Periods[i] / (2 * Math.PI) * (Math.Cos(Angle(a, i)) - Math.Cos(Angle(b, i)));
        return sum;
    }

    private double Angle(double second, int i) => second % Periods[i] / Periods[i] * 2 * Math.PI + phase * (i + 1);

    private static double Second(DateTimeOffset time) => (time - Origin).TotalSeconds;
}
