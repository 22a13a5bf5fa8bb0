namespace Fleet.Cost.Pricing;

/// <summary>A persistent volume that was there, and whose it was: parts by the id of the pod add up to 1, with <c>__unmounted__</c> for nobody's.</summary>
public sealed record VolumeSpan(string Name, double Bytes, DateTimeOffset Start, DateTimeOffset End, IReadOnlyDictionary<string, double> Parts)
{
    public string StorageClass { get; init; } = "";

    public string ProviderId { get; init; } = "";

    public string ClaimNamespace { get; init; } = "";

    public string ClaimName { get; init; } = "";

    /// <summary>Bytes in it × hours; null when nobody measured it.</summary>
    public double? UsedByteHours { get; init; }

    public double Hours => (End - Start).TotalHours;
}
