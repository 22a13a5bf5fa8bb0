namespace Fleet.Observability.Days;

/// <summary>Asks for days to be added up now. In the process that adds them up it comes at once; elsewhere it is as good as the next round, which is a minute away.</summary>
internal sealed class DayWake : IDisposable
{
    private readonly SemaphoreSlim asked = new(0, 1);

    /// <summary>Somebody wants something new; not to wait for the next round.</summary>
    public void Wake()
    {
        try
        {
            asked.Release();
        }
        catch (SemaphoreFullException)
        {
            // It is awake.
        }
    }

    public Task WaitAsync(CancellationToken ct) => asked.WaitAsync(ct);

    public void Dispose() => asked.Dispose();
}
