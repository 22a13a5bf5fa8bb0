using Fleet.Control.Durations;
using Fleet.Observability.Ingest.Intake;
using Fleet.Observability.Ingest.Queue;
using Fleet.Observability.Ingest.Stores;

namespace Fleet.Observability.Ingest;

/// <summary>Where samples wait and where they go.</summary>
public sealed record IngestOptions
{
    public required QueueOptions Queue { get; init; }

    public required StoreOptions Store { get; init; }

    public IntakeOptions Intake { get; init; } = new();

    /// <param name="writeAddress">Of the store's remote-write receiver.</param>
    /// <param name="tokenFile">A file with the store's bearer token; null when it asks for none.</param>
    /// <param name="window">How old samples may be for the store, as <c>1h</c>; null: any age.</param>
    /// <exception cref="FormatException">Something cannot be used; the message says what it should look like.</exception>
    public static IngestOptions For(string queueFolder, string writeAddress, string? tokenFile, string? window)
    {
        if (!Uri.TryCreate(writeAddress, UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https") || address.UserInfo.Length > 0)
            throw new FormatException("--metrics-store takes the http(s) address of a remote-write receiver, without user and password: for example http://127.0.0.1:8428/api/v1/write");
        TimeSpan? oldest = null;
        if (window is not null)
            oldest = GoDuration.TryParse(window, out var parsed) && parsed > TimeSpan.Zero
                ? parsed
                : throw new FormatException($"--metrics-store-window is \"{window}\", which is no duration: for example 30m or 24h");
        return new() { Queue = new() { Folder = queueFolder }, Store = new() { WriteAddress = address, TokenFile = tokenFile, OldestSample = oldest } };
    }
}
