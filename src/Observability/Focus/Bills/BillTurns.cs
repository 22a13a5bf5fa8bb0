namespace Fleet.Observability.Focus.Bills;

/// <summary>A bill is a large file and many sums: only so many are read at once.</summary>
internal sealed class BillTurns : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly SemaphoreSlim turns = new(2);

    /// <summary>False when it takes too long.</summary>
    public Task<bool> EnterAsync(CancellationToken ct) => turns.WaitAsync(Patience, ct);

    public void Leave() => turns.Release();

    public void Dispose() => turns.Dispose();
}
