using Fleet.Control.Queueing;
using Fleet.Control.Watching;
using Fleet.Helm.Releases;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Resources;
using Fleet.StateManager.Health;
using Fleet.StateManager.ServiceSets;

namespace Fleet.StateManager.Connections;

/// <summary>
/// The releases of one managed cluster and the workloads that belong to them, from four watches: Helm's records and the workloads that carry
/// Helm's label. Tells which release has changed.
/// </summary>
internal sealed class ClusterView : IReleaseView, IDisposable
{
    private const string HelmLabel = "app.kubernetes.io/managed-by=Helm";

    /// <summary>After this a plan may run on a view that lags; at worst Helm runs once more for nothing.</summary>
    private static readonly TimeSpan LongestLag = TimeSpan.FromSeconds(5);

    private static readonly ResourceKind[] WorkloadKinds =
    [
        new("apps", "v1", "Deployment", "deployments", true),
        new("apps", "v1", "StatefulSet", "statefulsets", true),
        new("apps", "v1", "DaemonSet", "daemonsets", true),
    ];

    private readonly CancellationTokenSource stop = new();
    private readonly IKubernetesClient client;
    private readonly TimeProvider clock;
    private readonly Action<ReleaseName> changed;
    private readonly Mirror<ReleaseSecret, ReleaseRevision> releases;
    private readonly List<Mirror<DynamicObject, Workload>> workloads;
    private TaskCompletionSource moved = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public ClusterView(IKubernetesClient client, Action<ReleaseName> changed, TimeProvider clock, IJitterSource jitter)
    {
        this.client = client;
        this.clock = clock;
        this.changed = changed;
        releases = new(client.Resource(ReleaseSecret.Type), new() { LabelSelector = ReleaseSecret.Selector }, ReleaseRevision.Of, clock, jitter);
        workloads = [.. WorkloadKinds.Select(kind => new Mirror<DynamicObject, Workload>(
            client.Dynamic(kind), new() { LabelSelector = HelmLabel }, WorkloadHealth.Of, clock, jitter))];
        releases.Subscribe(c => Tell((c.After ?? c.Before)!.Release, c.IsInitial));
        foreach (var mirror in workloads)
            mirror.Subscribe(c => Tell((c.After ?? c.Before)!.Release, c.IsInitial));
    }

    /// <summary>Why the view may be behind; null while all watches run.</summary>
    public string? Problem => releases.Problem ?? workloads.Select(w => w.Problem).FirstOrDefault(p => p is not null);

    /// <summary>Completes when the view is complete.</summary>
    public async Task StartAsync(CancellationToken ct)
    {
        releases.Start(stop.Token);
        foreach (var mirror in workloads)
            mirror.Start(stop.Token);
        await Task.WhenAll(workloads.Select(w => w.WhenListed).Append(releases.WhenListed)).WaitAsync(ct);
    }

    public ReleaseRecord? Find(ReleaseName release)
    {
        ReleaseRecord? latest = null;
        foreach (var revision in releases.Items)
            if (revision.Release == release && (latest is null || revision.Record.Revision > latest.Value.Revision))
                latest = revision.Record;
        return latest;
    }

    public ReleaseHealth HealthOf(ReleaseName release) => ReleaseHealth.Of(workloads.SelectMany(w => w.Items).Where(w => w.Release == release));

    public async Task<ReleaseHealth> CatchUpAsync(ReleaseName release, int revision, CancellationToken ct)
    {
        await WaitAsync(() => Find(release) is { } seen && seen.Revision >= revision && !seen.IsPending, ct);
        var fresh = new List<Workload>();
        foreach (var kind in WorkloadKinds)
        {
            var list = await client.Dynamic(kind).ListAsync(new() { Namespace = release.Namespace, LabelSelector = HelmLabel }, ct);
            fresh.AddRange(list.Items.Select(WorkloadHealth.Of).OfType<Workload>().Where(w => w.Release == release));
        }
        return ReleaseHealth.Of(fresh);
    }

    public Task WaitUntilGoneAsync(ReleaseName release, CancellationToken ct) =>
        WaitAsync(() => Find(release) is null or { State: ReleaseState.Uninstalled }, ct);

    public void Dispose()
    {
        stop.Cancel();
        stop.Dispose();
    }

    private async Task WaitAsync(Func<bool> there, CancellationToken ct)
    {
        var started = clock.GetTimestamp();
        while (true)
        {
            // Taken before the question, so that a change in between is not missed.
            var change = Volatile.Read(ref moved).Task;
            var left = LongestLag - clock.GetElapsedTime(started);
            if (there() || left <= TimeSpan.Zero)
                return;
            await Task.WhenAny(change, Task.Delay(left, clock, ct));
            ct.ThrowIfCancellationRequested();
        }
    }

    private void Tell(ReleaseName release, bool isInitial)
    {
        Interlocked.Exchange(ref moved, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult();
        if (!isInitial)
            changed(release);
    }
}
