namespace Fleet.Observability.Ledger;

/// <summary>
/// What many want to write at the same time is written together: a transaction for each of a thousand clusters costs more than what is in it. When that fails, each is written by itself, so that
/// one that can not be written holds up no other.
/// </summary>
/// <param name="write">Writes some, all or nothing of them; what it says of each. Only so many run at once.</param>
/// <param name="sizeOf">How much one is.</param>
internal sealed class LedgerTurns<T>(Func<IReadOnlyList<T>, CancellationToken, Task<IReadOnlyList<bool>>> write, Func<T, int> sizeOf) : IDisposable
{
    /// <summary>More would make one of them wait for long.</summary>
    private const int MostTogether = 64;

    /// <summary>Of <c>sizeOf</c>: what is sent at once is in memory.</summary>
    private const int LargestTogether = 20_000;

    private const int AtOnce = 2;

    private readonly SemaphoreSlim turns = new(AtOnce);
    private readonly LinkedList<Waiting> waiting = new();

    public async Task<bool> WriteAsync(T item, CancellationToken ct)
    {
        var own = new Waiting(item);
        lock (waiting)
            waiting.AddLast(own);
        try
        {
            await turns.WaitAsync(ct);
        }
        catch
        {
            if (Withdraw(own))
                throw;
            // Somebody is writing it: whether it is there must be known.
            return await own.Done.Task ?? throw new OperationCanceledException(ct);
        }
        try
        {
            if (TakeWith(own) is { } group)
                return await LeadAsync(group, ct);
        }
        finally
        {
            turns.Release();
        }
        return await own.Done.Task ?? await AloneAsync(own, ct);
    }

    public void Dispose() => turns.Dispose();

    private async Task<bool> LeadAsync(IReadOnlyList<Waiting> group, CancellationToken ct)
    {
        try
        {
            var written = await write([.. group.Select(one => one.Item)], ct);
            for (var at = 0; at < group.Count; at++)
                group[at].Done.TrySetResult(written[at]);
            return written[0];
        }
        catch (Exception) when (group.Count > 1)
        {
            foreach (var one in group)
                one.Done.TrySetResult(null);
            return (await write([group[0].Item], ct))[0];
        }
    }

    private async Task<bool> AloneAsync(Waiting own, CancellationToken ct)
    {
        await turns.WaitAsync(ct);
        try
        {
            return (await write([own.Item], ct))[0];
        }
        finally
        {
            turns.Release();
        }
    }

    private bool Withdraw(Waiting own)
    {
        lock (waiting)
            return waiting.Remove(own);
    }

    /// <summary>One and those that wait behind it; null when it is another's already.</summary>
    private List<Waiting>? TakeWith(Waiting own)
    {
        lock (waiting)
        {
            if (!waiting.Remove(own))
                return null;
            var group = new List<Waiting> { own };
            var size = sizeOf(own.Item);
            while (group.Count < MostTogether && waiting.First is { } next && (size += sizeOf(next.Value.Item)) <= LargestTogether)
            {
                group.Add(next.Value);
                waiting.RemoveFirst();
            }
            return group;
        }
    }

    private sealed class Waiting(T item)
    {
        public T Item { get; } = item;

        /// <summary>Null: it was not written, together with others.</summary>
        public TaskCompletionSource<bool?> Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
