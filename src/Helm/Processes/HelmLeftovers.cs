using Microsoft.Extensions.Hosting;

namespace Fleet.Helm.Processes;

/// <summary>
/// Clears away what a killed process of Fleet has left: helm processes that go on without it, and the folders with their values and kubeconfigs. Done before
/// anything else of a host starts: from outside, a helm that still works looks like one that was cut off, and two of them on one release spoil it. A process
/// belongs to a folder when it works in it; a folder is left over when nobody holds its lock.
/// </summary>
internal sealed class HelmLeftovers(PrivateFolders folders, HelmOptions options, TimeProvider clock) : IHostedLifecycleService
{
    /// <summary>Most calls of helm take less than a second: one that ends by itself leaves a release that is whole.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(50);

    public async Task StartingAsync(CancellationToken ct)
    {
        using var stale = folders.ClaimStale();
        if (!await EndedAsync(stale.Paths, Patience, ct))
        {
            foreach (var id in ProcessTree.WorkingIn(stale.Paths))
                Signals.Terminate(id);
            if (!await EndedAsync(stale.Paths, options.EndGrace, ct))
                foreach (var id in ProcessTree.WorkingIn(stale.Paths))
                    Signals.Kill(id);
            // Killed, but not taken off the list of processes yet.
            await EndedAsync(stale.Paths, options.EndGrace, ct);
        }
        stale.Delete();
    }

    public Task StartAsync(CancellationToken ct) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken ct) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken ct) => Task.CompletedTask;

    public Task StopAsync(CancellationToken ct) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken ct) => Task.CompletedTask;

    private async Task<bool> EndedAsync(IReadOnlyList<string> paths, TimeSpan patience, CancellationToken ct)
    {
        var began = clock.GetTimestamp();
        while (ProcessTree.WorkingIn(paths).Count > 0)
        {
            if (clock.GetElapsedTime(began) > patience) return false;
            await Task.Delay(Look, clock, ct);
        }
        return true;
    }
}
