using Fleet.Kubernetes.Core;

namespace Fleet.ControlPlane.Simulation.Objects;

/// <summary>Quantities as the whole numbers with which a scheduler counts; 0 for what is absent or no quantity: the API server has validated it before.</summary>
internal static class Quantities
{
    /// <summary>Thousandths, rounded up.</summary>
    public static long Milli(string? text) => Whole(Math.Min(Quantity.Parse(text) ?? 0, long.MaxValue / 1000) * 1000);

    /// <summary>Bytes or pieces, rounded up as Kubernetes does.</summary>
    public static long Units(string? text) => Whole(Quantity.Parse(text) ?? 0);

    private static long Whole(decimal number) => (long)Math.Clamp(Math.Ceiling(number), long.MinValue, long.MaxValue);
}
