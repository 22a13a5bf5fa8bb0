namespace Fleet.Control.Queueing;

/// <summary>Jitter from <see cref="Random.Shared"/>.</summary>
public sealed class RandomJitter : IJitterSource
{
    public static RandomJitter Shared { get; } = new();

#pragma warning disable CA5394 // Spreading retries needs no secrecy.
    public double Next() => Random.Shared.NextDouble();
#pragma warning restore CA5394
}
