using Fleet.Observability.Ingest.Queue;

namespace Fleet.Observability.Ingest.Forwarding;

/// <summary>A queue of finished requests and where they go.</summary>
/// <param name="What">Names them in metrics and logs.</param>
/// <param name="ContentType">Of all of them; they are compressed with gzip.</param>
internal sealed record ForwardOptions(string What, TargetOptions Target, QueueOptions Queue, string ContentType)
{
    /// <summary>Headers that change with the time of sending.</summary>
    public Action<HttpRequestMessage>? Describe { get; init; }

    /// <summary>How many records of a request were not taken, from the answer to it; null: all were.</summary>
    public Func<HttpResponseMessage, CancellationToken, Task<long>>? Refused { get; init; }

    /// <summary>Given what the receiver's clock says with each answer.</summary>
    public Action<DateTimeOffset>? Told { get; init; }

    /// <summary>After so many failures (500) over one request it is found out whether it is the cause.</summary>
    public int FailuresBeforeNext { get; init; } = 5;
}
