namespace Fleet.Kubernetes.Http;

/// <summary>One call, described so that it can be sent again: <see cref="HttpRequestMessage"/> cannot.</summary>
internal sealed record ApiRequest(HttpMethod Method, string PathAndQuery)
{
    /// <summary>Null for no body. Kept by the caller until the call returns.</summary>
    internal ReadOnlyMemory<byte>? Body { get; init; }
    internal string ContentType { get; init; } = "application/json";
    internal string Accept { get; init; } = "application/json";

    /// <summary>Null takes the client's.</summary>
    internal TimeSpan? Timeout { get; init; }

    /// <summary>Long-lived: gives its place among the concurrent requests back as soon as the answer begins.</summary>
    internal bool IsWatch { get; init; }

    internal bool IsRead => Method == HttpMethod.Get;

    internal static ApiRequest Get(string pathAndQuery) => new(HttpMethod.Get, pathAndQuery);
}
