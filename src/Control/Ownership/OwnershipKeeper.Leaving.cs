using Fleet.Kubernetes.Resources;

namespace Fleet.Control.Ownership;

internal sealed partial class OwnershipKeeper
{
    private volatile bool isLeaving;
    private bool isGivenUp;
    private Task? drain;

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>
    /// Before anything else stops: everything is given to the others, while requests are still answered here, since whoever sends them learns only now that it should not.
    /// </summary>
    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        Say("is leaving", null);
        var lingering = Task.Delay(options.Linger, clock, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        isLeaving = true;
        Wake();
        // The loop begins it, as no other round may follow the table at the same time, and renews the Lease as long as it lasts.
        while (drain is null && ExecuteTask is { IsCompleted: false } && !cancellationToken.IsCancellationRequested)
            await Task.Delay(TimeSpan.FromMilliseconds(20), clock, CancellationToken.None);
        await (drain ?? Task.CompletedTask).WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await base.StopAsync(cancellationToken);
        await GiveUpAsync(cancellationToken);
        await lingering;
    }

    /// <summary>What is left of timers and singletons ends, and only then may others begin. A second time there is nothing left.</summary>
    private async Task GiveUpAsync(CancellationToken ct)
    {
        if (isGivenUp)
            return;
        await held.LoseAsync().WaitAsync(ct);
        try
        {
            using var patience = new CancellationTokenSource(options.RenewEvery, clock);
            await lease.DeleteAsync(patience.Token);
            LogLeft(options.Replica);
        }
        catch (Exception e) when (e is KubeApiException or HttpRequestException or TimeoutException or OperationCanceledException)
        {
            LogLeftLease(options.LeaseName, options.LeaseDuration, e);
        }
        isGivenUp = true;
    }
}
