namespace Fleet.Observability.Ingest.Samples;

/// <summary>What one request may hold, and what of it is taken. Every limit is a number that an ordinary sender never reaches.</summary>
public sealed record SampleLimits
{
    /// <summary>Of a body as it comes. Prometheus' default batch of 2,000 samples is about 30 kB.</summary>
    public int CompressedBytes { get; init; } = 8 * 1024 * 1024;

    public int DecodedBytes { get; init; } = 32 * 1024 * 1024;

    public int SeriesPerRequest { get; init; } = 50_000;

    public int SamplesPerRequest { get; init; } = 200_000;

    /// <summary>Strings of a remote write 2.0 request; a series has about four of its own.</summary>
    public int SymbolsPerRequest { get; init; } = 400_000;

    /// <summary>Of one series, those of the sender.</summary>
    public int Labels { get; init; } = 64;

    public int LabelNameBytes { get; init; } = 512;

    public int LabelValueBytes { get; init; } = 4096;

    /// <summary>Older samples are refused. Null: the store takes any.</summary>
    public TimeSpan? OldestSample { get; init; } = TimeSpan.FromDays(7);

    /// <summary>
    /// How far a sender's clock may be ahead. One sample from the future would make a store refuse all that come before it, so these never get that far.
    /// </summary>
    public TimeSpan NewestSample { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>Native histograms go on only to a store that takes them; others answer the whole request with an error.</summary>
    public bool NativeHistograms { get; init; }

    /// <summary>Of one cluster, in the last <see cref="ActiveFor"/>.</summary>
    public int ActiveSeries { get; init; } = 500_000;

    /// <summary>A series without samples for one to two times this long is no longer active.</summary>
    public TimeSpan ActiveFor { get; init; } = TimeSpan.FromHours(1);
}
