using Fleet.Contracts;
using Fleet.Kubernetes.Core;
using Fleet.Kubernetes.Leases;
using Fleet.Kubernetes.Resources;

namespace Fleet.ClusterManager.Backups;

/// <summary>
/// One backup at a time in all processes of a fleet, by a Lease. It only saves work: that no archive is written twice follows from its name, which targets give once.
/// </summary>
internal sealed class BackupTurn
{
    private readonly LeaseLock lease;
    private readonly TimeSpan duration;
    private readonly TimeProvider clock;

    public BackupTurn(IKubernetesClient client, ClusterManagerOptions options, TimeProvider clock)
    {
        (duration, this.clock) = (options.Backups.LeaseDuration, clock);
        lease = new(client.Resource(CoreTypes.Leases), new(FleetApi.SystemNamespace, "fleet-management-backup"), $"{Environment.MachineName}-{Environment.ProcessId}-{Guid.NewGuid():N}", duration, clock);
    }

    /// <summary>Runs the work as long as the turn is ours. False when it is somebody else's.</summary>
    /// <exception cref="TimeoutException">The turn was lost in the middle, since the API server did not answer.</exception>
    public async Task<bool> TryAsync(Func<CancellationToken, Task> work, CancellationToken ct)
    {
        var state = await lease.TryAcquireOrRenewAsync(ct);
        if (!state.IsHeld)
            return false;
        using var ours = CancellationTokenSource.CreateLinkedTokenSource(ct);
        using var done = new CancellationTokenSource();
        var keeping = KeepAsync(state, ours, done.Token);
        try
        {
            await work(ours.Token);
        }
        catch (OperationCanceledException e) when (!ct.IsCancellationRequested)
        {
            throw new TimeoutException("The Lease that keeps backups apart was lost while one was made; it is made anew.", e);
        }
        finally
        {
            await done.CancelAsync();
            await keeping;
            await ReleaseAsync();
        }

        return true;
    }

    private async Task KeepAsync(LeaseState state, CancellationTokenSource ours, CancellationToken done)
    {
        try
        {
            using var tick = new PeriodicTimer(duration / 3, clock);
            while (await tick.WaitForNextTickAsync(done))
            {
                try
                {
                    state = await lease.TryAcquireOrRenewAsync(done);
                }
                catch (Exception e) when (e is KubeApiException or HttpRequestException or TimeoutException)
                {
                    // Until it ends by itself it is ours.
                }

                if (!state.IsHeld || clock.GetUtcNow() > state.ValidUntil)
                {
                    await ours.CancelAsync();
                    return;
                }
            }
        }
        catch (OperationCanceledException) when (done.IsCancellationRequested)
        {
            // The work is done.
        }
    }

    private async Task ReleaseAsync()
    {
        try
        {
            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(5), clock);
            await lease.ReleaseAsync(patience.Token);
        }
        catch (Exception e) when (e is KubeApiException or HttpRequestException or TimeoutException or OperationCanceledException)
        {
            // It ends by itself.
        }
    }
}
