using Fleet.Control.Queueing;
using Fleet.Helm.Releases;
using Fleet.Kubernetes.Resources;
using Fleet.Kubernetes.Watching;
using Fleet.StateManager.Compliance.Collection;
using Fleet.StateManager.Health;
using Fleet.StateManager.Health.Custom;
using Fleet.StateManager.Inventory;
using Fleet.StateManager.Reloading;
using Fleet.StateManager.ServiceSets;

namespace Fleet.StateManager.Connections;

/// <summary>
/// The releases of one managed cluster by a watch of Helm's records, what they declare and what there is of it, and their health. Tells which release has
/// changed.
/// </summary>
internal sealed class ClusterView : IReleaseView, IAsyncDisposable
{
    /// <summary>After this a plan may run on a view that lags; at worst Helm runs once more for nothing.</summary>
    private static readonly TimeSpan LongestLag = TimeSpan.FromSeconds(5);

    /// <summary>New objects are in the watches within milliseconds; where they are not, the service is told as it looks and the watch tells later.</summary>
    private static readonly TimeSpan LongestLook = TimeSpan.FromSeconds(2);

    /// <summary>One broken watch is daily life; it is taken up again within a second.</summary>
    private const int FailuresShown = 3;

    private readonly TimeProvider clock;
    private readonly Action<ReleaseName> changed;
    private readonly Informer<ReleaseSecret, ReleaseRevision?> releases;
    private readonly HealthView health;
    private volatile bool isComplete;
    private TaskCompletionSource moved = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public ClusterView(IKubernetesClient client, Action<ReleaseName> changed, TimeProvider clock, IJitterSource jitter)
    {
        this.clock = clock;
        this.changed = changed;
        Inventory = new ClusterInventory(client, Tell, HealthProjection.Of, clock, jitter);
        Compliance = new ComplianceWatches(client, clock, jitter);
        Rules = new RuleWatches(client, () => Tell(default), clock, jitter);
        Mounts = new MountWatches(client, () => Tell(default), clock, jitter);
        health = new HealthView(client, Inventory, Rules, clock);
        releases = client.Resource(ReleaseSecret.Type).Informer(new InformerOptions<ReleaseSecret, ReleaseRevision?>
        {
            Project = ReleaseRevision.Of,
            LabelSelector = ReleaseSecret.Selector,
            Unchanged = EqualityComparer<ReleaseRevision?>.Default,
            Clock = clock,
            Jitter = jitter.Next,
            // A cluster that has gone away changes nothing any more, and its services must say so.
            Failed = _ =>
            {
                if (Problem is not null)
                    Tell(default);
            },
        });
        releases.Subscribe(c =>
        {
            if ((c.Item ?? c.Previous)?.Release is { } release)
                Tell(release);
        });
    }

    /// <summary>The objects of the releases that ServiceSets want, declared and live. Its watches are not part of <see cref="Problem"/>: a kind that cannot be watched stops nothing.</summary>
    public ClusterInventory Inventory { get; }

    /// <summary>What custom health rules look at.</summary>
    public RuleWatches Rules { get; }

    /// <summary>What pods of services take from ConfigMaps and Secrets, where that is asked for.</summary>
    public MountWatches Mounts { get; }

    /// <summary>What policy engines of the cluster report. Its watches are not part of <see cref="Problem"/> either.</summary>
    public ComplianceWatches Compliance { get; }

    /// <summary>Why the view may be behind; null while the watch runs.</summary>
    public string? Problem => releases.State is { Failures: >= FailuresShown } state ? state.LastError?.Message : null;

    /// <summary>Completes when the view is complete.</summary>
    public async Task StartAsync(CancellationToken ct)
    {
        releases.Start();
        await releases.WaitForSyncAsync(ct);
        isComplete = true;
        Compliance.Start();
    }

    public ReleaseRecord? Find(ReleaseName release)
    {
        ReleaseRecord? latest = null;
        foreach (var revision in releases.Items)
            if (revision?.Release == release && (latest is null || revision.Record.Revision > latest.Value.Revision))
                latest = revision.Record;
        return latest;
    }

    public ReleaseHealth HealthOf(ReleaseName release, string owner) => health.Of(release, owner);

    public async Task<ReleaseHealth> CatchUpAsync(ReleaseName release, int revision, string owner, CancellationToken ct)
    {
        await WaitAsync(() => Find(release) is { } seen && seen.Revision >= revision && !seen.IsPending, LongestLag, ct);
        try
        {
            var before = Inventory.Of(release);
            await Inventory.RefreshAsync(release, revision, ct);
            await health.ReadChangedAsync(release, before, ct);
            await WaitAsync(() => health.HasSeenAll(release), LongestLook, ct);
        }
        catch (KubeApiException)
        {
            // Helm has done its work, and that must be told; the watches will tell the rest.
            return ReleaseHealth.Healthy with { IsPartial = true };
        }
        return HealthOf(release, owner);
    }

    public Task WaitUntilGoneAsync(ReleaseName release, CancellationToken ct) =>
        WaitAsync(() => Find(release) is null or { State: ReleaseState.Uninstalled }, LongestLag, ct);

    public async ValueTask DisposeAsync()
    {
        await Inventory.DisposeAsync();
        await Rules.DisposeAsync();
        await Mounts.DisposeAsync();
        await Compliance.DisposeAsync();
        await releases.DisposeAsync();
    }

    private async Task WaitAsync(Func<bool> there, TimeSpan longest, CancellationToken ct)
    {
        var started = clock.GetTimestamp();
        while (true)
        {
            // Taken before the question, so that a change in between is not missed.
            var change = Volatile.Read(ref moved).Task;
            var left = longest - clock.GetElapsedTime(started);
            if (there() || left <= TimeSpan.Zero)
                return;
            await Task.WhenAny(change, Task.Delay(left, clock, ct));
            ct.ThrowIfCancellationRequested();
        }
    }

    private void Tell(ReleaseName release)
    {
        Interlocked.Exchange(ref moved, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult();
        if (isComplete)
            changed(release);
    }
}
