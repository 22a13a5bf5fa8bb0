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

    /// <exception cref="FormatException">An address that cannot be used; the message says what one looks like.</exception>
    public static IngestOptions For(string queueFolder, string writeAddress)
    {
        if (!Uri.TryCreate(writeAddress, UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https") || address.UserInfo.Length > 0)
            throw new FormatException("the metrics store must be the http(s) address of a remote-write receiver, without user and password, for example http://127.0.0.1:8428/api/v1/write");
        return new() { Queue = new() { Folder = queueFolder }, Store = new() { WriteAddress = address } };
    }
}
