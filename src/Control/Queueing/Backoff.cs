namespace Fleet.Control.Queueing;

/// <summary>
/// Exponential back-off: <see cref="First"/>, doubled per failure up to <see cref="Longest"/>, each stretched by up to <see cref="Jitter"/> of itself
/// so that clusters that failed together do not come back together.
/// </summary>
public sealed record Backoff
{
    public static Backoff Default { get; } = new();

    public TimeSpan First { get; init; } = TimeSpan.FromMilliseconds(500);

    public TimeSpan Longest { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>A part of the delay, 0 to 1.</summary>
    public double Jitter { get; init; } = 0.2;

    /// <summary>The delay after the given number of failures in a row (1 = the first).</summary>
    public TimeSpan After(int failures, IJitterSource jitter)
    {
        if (failures <= 0)
            return TimeSpan.Zero;
        var factor = Math.Pow(2, Math.Min(failures - 1, 40));
        var plain = Math.Min(First.TotalMilliseconds * factor, Longest.TotalMilliseconds);
        return TimeSpan.FromMilliseconds(plain * (1 + (Jitter * jitter.Next())));
    }
}
