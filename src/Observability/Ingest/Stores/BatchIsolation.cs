namespace Fleet.Observability.Ingest.Stores;

/// <summary>
/// Finds what of a batch the store does not take, by sending parts of it. Prometheus writes all of a request or nothing: without this, one series that it refuses
/// would cost a thousand others, and one that it fails over would hold up everything for ever.
/// </summary>
internal sealed class BatchIsolation(Func<ReadOnlyMemory<byte>, CancellationToken, Task<StoreAnswer>> send)
{
    private const int FirstParts = 16;

    /// <summary>Sixteen bad series in a batch of ten thousand need about two hundred; a batch that is bad all through must come to an end.</summary>
    private const int MostRequests = 512;

    private int requests;

    /// <summary>Samples that the store has taken by now.</summary>
    public long Accepted { get; private set; }

    /// <summary>Samples that are given up.</summary>
    public long GivenUp { get; private set; }

    /// <summary>True: all of it is either accepted or given up.</summary>
    public bool IsDone { get; private set; }

    /// <summary>After a clear refusal (4xx).</summary>
    public async Task AfterRefusalAsync(SeriesRange batch, CancellationToken ct)
    {
        IsDone = true;
        await DivideAsync(batch, ct);
    }

    /// <summary>
    /// After repeated failures (500): whether it is the store or the batch is only known once the store takes a part of it. As long as it takes none, nothing is given up.
    /// </summary>
    public async Task AfterFailuresAsync(SeriesRange batch, CancellationToken ct)
    {
        var failing = new List<SeriesRange>();
        foreach (var part in batch.Split(FirstParts))
        {
            var answer = await SendAsync(part, ct);
            if (answer.Verdict == StoreVerdict.Unavailable)
                return;
            if (answer.Verdict != StoreVerdict.Accepted)
                failing.Add(part);
        }
        if (Accepted == 0)
            return;
        IsDone = true;
        foreach (var part in failing)
        {
            // The store may have come back in between: it is asked once more before a part of the batch is blamed.
            var answer = await SendAsync(part, ct);
            if (answer.Verdict == StoreVerdict.Unavailable)
            {
                IsDone = false;
                return;
            }
            if (answer.Verdict != StoreVerdict.Accepted)
                await DivideAsync(part, ct);
        }
    }

    private async Task DivideAsync(SeriesRange bad, CancellationToken ct)
    {
        if (bad.Count <= 1 || requests >= MostRequests)
        {
            GivenUp += bad.Samples;
            return;
        }
        foreach (var half in bad.Split(2))
        {
            if (!IsDone)
                return;
            var answer = requests >= MostRequests ? new StoreAnswer(StoreVerdict.Refused, "") : await SendAsync(half, ct);
            if (answer.Verdict == StoreVerdict.Unavailable)
                // The store has gone away meanwhile: the whole batch comes again.
                IsDone = false;
            else if (answer.Verdict != StoreVerdict.Accepted)
                await DivideAsync(half, ct);
        }
    }

    private async Task<StoreAnswer> SendAsync(SeriesRange part, CancellationToken ct)
    {
        requests++;
        var answer = await send(part.Message, ct);
        if (answer.Verdict == StoreVerdict.Accepted)
            Accepted += part.Samples;
        return answer;
    }
}
