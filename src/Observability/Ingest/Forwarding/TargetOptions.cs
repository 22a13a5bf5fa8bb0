namespace Fleet.Observability.Ingest.Forwarding;

/// <summary>A receiver of HTTP posts, who we are there and how long it is waited for.</summary>
public sealed record TargetOptions(Uri Address)
{
    /// <summary>A file with a bearer token, read for each request, so that it can be exchanged.</summary>
    public string? TokenFile { get; init; }

    /// <summary>A file with the PEM certificates that its certificate must come from; null: those that this machine trusts. Read at the start.</summary>
    public string? CaFile { get; init; }

    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(30);

    public TimeSpan FirstDelay { get; init; } = TimeSpan.FromMilliseconds(500);

    public TimeSpan LongestDelay { get; init; } = TimeSpan.FromSeconds(30);

    /// <param name="option">The option that says it, for the message.</param>
    /// <exception cref="FormatException">It cannot be used; the message says what it should look like.</exception>
    public static TargetOptions For(string option, string address, string? tokenFile, string? caFile) =>
        Uri.TryCreate(address, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" && uri.UserInfo.Length == 0
            ? new(uri) { TokenFile = tokenFile, CaFile = caFile }
            : throw new FormatException($"{option} takes an http(s) address without user and password: for example https://fleet.example");
}
