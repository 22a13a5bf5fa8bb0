namespace Fleet.Observability.Query.Prometheus;

/// <summary>Where the metrics store answers Prometheus' query API.</summary>
public sealed record MetricsQueryOptions
{
    private const string WritePath = "/api/v1/write";

    /// <summary>What comes before <c>api/v1/query</c>; it ends with a slash.</summary>
    public required Uri Address { get; init; }

    /// <summary>A file with a bearer token, read for each request, so that it can be exchanged.</summary>
    public string? TokenFile { get; init; }

    /// <param name="writeAddress">Of the store's remote-write receiver; null when there is none.</param>
    /// <param name="queryAddress">What was said about queries; null when nothing was: then it is beside the receiver, where that can be told.</param>
    /// <returns>Null when there is nowhere to ask.</returns>
    /// <exception cref="FormatException">The address cannot be used.</exception>
    public static MetricsQueryOptions? For(string? writeAddress, string? queryAddress, string? tokenFile)
    {
        if (queryAddress is null)
            // VictoriaMetrics' cluster and others have writing and reading at different places.
            return writeAddress is not null && writeAddress.EndsWith(WritePath, StringComparison.Ordinal) && !writeAddress.Contains("/insert/", StringComparison.Ordinal)
                ? For(null, writeAddress[..^WritePath.Length], tokenFile)
                : null;
        if (!Uri.TryCreate(queryAddress.TrimEnd('/') + "/", UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https") || address.UserInfo.Length > 0 || address.Query.Length > 0)
            throw new FormatException("--metrics-query takes the http(s) address before /api/v1/query, without user and password: for example http://127.0.0.1:8428");
        return new() { Address = address, TokenFile = tokenFile };
    }
}
