using Fleet.ControlPlane.Simulation.Objects;

namespace Fleet.ControlPlane.Simulation.Usage;

/// <summary>How full a simulated volume is: it fills up over four weeks and is cleaned out, each within bounds of its own. Pure.</summary>
public static class VolumeUsage
{
    private static readonly DateTimeOffset Origin = new(2024, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <param name="cluster">Name of the cluster.</param>
    /// <param name="namespace">Of the claim.</param>
    /// <param name="claim">Its name.</param>
    /// <param name="capacity">In bytes.</param>
    /// <param name="time">Any time.</param>
    public static double UsedBytes(string cluster, string @namespace, string claim, double capacity, DateTimeOffset time)
    {
        var seed = $"{cluster}/{@namespace}/{claim}";
        var least = 0.05 + 0.35 * Part(seed + "/least");
        var most = least + (0.95 - least) * Part(seed + "/most");
        var shape = UsageShapes.FillingUp;
        return capacity * (least + (most - least) * shape.Level((time - Origin).TotalSeconds + shape.Period * Part(seed)));
    }

    private static double Part(string seed) => StableHash.Number(seed) % 1_000 / 1_000d;
}
