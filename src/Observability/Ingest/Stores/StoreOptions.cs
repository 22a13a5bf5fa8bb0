namespace Fleet.Observability.Ingest.Stores;

/// <summary>The remote-write store that keeps the samples.</summary>
public sealed record StoreOptions
{
    /// <summary>Where it takes remote write 1.0: <c>http://127.0.0.1:8428/api/v1/write</c>. Without user and password: those are no part of an address.</summary>
    public required Uri WriteAddress { get; init; }

    /// <summary>A file with a bearer token, read for each request, so that it can be exchanged.</summary>
    public string? TokenFile { get; init; }

    /// <summary>A file with the PEM certificates that its certificate must come from; null: those that this machine trusts.</summary>
    public string? CaFile { get; init; }

    /// <summary>It keeps what it can of a request and answers 400 for the rest, as Fleet does: nothing is to be found out by sending parts of it again.</summary>
    public bool RefusesParts { get; init; }

    /// <summary>
    /// Samples that have become older than this while they waited are given up: Prometheus answers 500 to them for ever. Null: the store takes any age.
    /// </summary>
    public TimeSpan? OldestSample { get; init; }

    /// <summary>Before compression. VictoriaMetrics takes 32 MiB, Prometheus any size.</summary>
    public int RequestBytes { get; init; } = 4 * 1024 * 1024;

    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(30);

    public TimeSpan FirstDelay { get; init; } = TimeSpan.FromMilliseconds(500);

    public TimeSpan LongestDelay { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>After so many failures of one and the same batch it is found out whether a part of it is the cause.</summary>
    public int FailuresBeforeIsolation { get; init; } = 5;
}
