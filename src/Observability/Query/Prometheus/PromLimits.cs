namespace Fleet.Observability.Query.Prometheus;

/// <summary>How much may be asked at once.</summary>
internal sealed record PromLimits
{
    public TimeSpan LongestRange { get; init; } = TimeSpan.FromDays(92);

    /// <summary>Of each series; Prometheus' own limit.</summary>
    public int MostPoints { get; init; } = 11_000;

    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(30);

    public int MostAnswerBytes { get; init; } = 32 * 1024 * 1024;

    /// <summary>Of a form.</summary>
    public int MostRequestBytes { get; init; } = 128 * 1024;

    /// <summary>Questions that the store works on at the same time; others wait a moment and are then sent away.</summary>
    public int Concurrent { get; init; } = 8;
}
