using System.Globalization;

namespace Fleet.ControlPlane.Simulation.Objects;

/// <summary>Kubernetes quantities (<c>250m</c>, <c>1Gi</c>) as numbers in thousandths.</summary>
internal static class Quantity
{
    private static readonly (string Suffix, double Factor)[] Suffixes =
    [
        ("Ki", 1024d), ("Mi", 1024d * 1024), ("Gi", 1024d * 1024 * 1024), ("Ti", 1024d * 1024 * 1024 * 1024), ("Pi", Math.Pow(1024, 5)),
        ("n", 1e-9), ("u", 1e-6), ("m", 1e-3), ("k", 1e3), ("M", 1e6), ("G", 1e9), ("T", 1e12), ("P", 1e15),
    ];

    /// <summary>0 for what is absent or not a quantity: the API server has validated it before.</summary>
    public static long Milli(string? text)
    {
        if (string.IsNullOrEmpty(text))
            return 0;
        var factor = 1d;
        foreach (var (suffix, size) in Suffixes)
        {
            if (!text.EndsWith(suffix, StringComparison.Ordinal))
                continue;
            (text, factor) = (text[..^suffix.Length], size);
            break;
        }
        return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? (long)Math.Ceiling(number * factor * 1000) : 0;
    }

    public static long Units(string? text) => Milli(text) / 1000;
}
