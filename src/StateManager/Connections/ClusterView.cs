using Fleet.Control.Queueing;
using Fleet.Helm.Releases;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Resources;
using Fleet.Kubernetes.Watching;
using Fleet.StateManager.Health;
using Fleet.StateManager.Inventory;
using Fleet.StateManager.ServiceSets;

namespace Fleet.StateManager.Connections;

/// <summary>
/// The releases of one managed cluster and the workloads that belong to them, from four watches: Helm's records and the workloads that carry
/// Helm's label. Tells which release has changed.
/// </summary>
internal sealed class ClusterView : IReleaseView, IAsyncDisposable
{
    private const string HelmLabel = "app.kubernetes.io/managed-by=Helm";

    /// <summary>After this a plan may run on a view that lags; at worst Helm runs once more for nothing.</summary>
    private static readonly TimeSpan LongestLag = TimeSpan.FromSeconds(5);

    /// <summary>One broken watch is daily life; it is taken up again within a second.</summary>
    private const int FailuresShown = 3;

    internal static readonly ResourceKind[] WorkloadKinds =
    [
        new("apps", "v1", "Deployment", "deployments", true),
        new("apps", "v1", "StatefulSet", "statefulsets", true),
        new("apps", "v1", "DaemonSet", "daemonsets", true),
    ];

    private readonly IKubernetesClient client;
    private readonly TimeProvider clock;
    private readonly Action<ReleaseName> changed;
    private readonly Informer<ReleaseSecret, ReleaseRevision?> releases;
    private readonly List<Informer<DynamicObject, Workload?>> workloads;
    private readonly FreshWorkloads fresh;
    private volatile bool isComplete;
    private TaskCompletionSource moved = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public ClusterView(IKubernetesClient client, Action<ReleaseName> changed, TimeProvider clock, IJitterSource jitter)
    {
        this.client = client;
        this.clock = clock;
        this.changed = changed;
        fresh = new FreshWorkloads(clock);
        Inventory = new ClusterInventory(client, Tell, projection: null, clock, jitter);
        releases = client.Resource(ReleaseSecret.Type).Informer(Options<ReleaseSecret, ReleaseRevision>(ReleaseRevision.Of, ReleaseSecret.Selector, jitter));
        workloads = [.. WorkloadKinds.Select(kind =>
            client.Dynamic(kind).Informer(Options<DynamicObject, Workload>(WorkloadHealth.Of, HelmLabel, jitter)))];
        releases.Subscribe(c => Tell((c.Item ?? c.Previous)?.Release));
        foreach (var informer in workloads)
            informer.Subscribe(Note);
    }

    /// <summary>The objects of the releases that ServiceSets want, declared and live. Its watches are not part of <see cref="Problem"/>: a kind that cannot be watched stops nothing.</summary>
    public ClusterInventory Inventory { get; }

    private InformerOptions<T, TItem?> Options<T, TItem>(Func<T, TItem?> project, string selector, IJitterSource jitter)
        where TItem : class => new()
    {
        Project = project,
        LabelSelector = selector,
        Unchanged = EqualityComparer<TItem?>.Default,
        Clock = clock,
        Jitter = jitter.Next,
    };

    /// <summary>Why the view may be behind; null while all watches run.</summary>
    public string? Problem => workloads.Select(w => w.State).Append(releases.State).FirstOrDefault(s => s.Failures >= FailuresShown)?.LastError?.Message;

    /// <summary>Completes when the view is complete.</summary>
    public async Task StartAsync(CancellationToken ct)
    {
        releases.Start();
        foreach (var informer in workloads)
            informer.Start();
        await Task.WhenAll(workloads.Select(w => w.WaitForSyncAsync(ct)).Append(releases.WaitForSyncAsync(ct)));
        isComplete = true;
    }

    public ReleaseRecord? Find(ReleaseName release)
    {
        ReleaseRecord? latest = null;
        foreach (var revision in releases.Items)
            if (revision?.Release == release && (latest is null || revision.Record.Revision > latest.Value.Revision))
                latest = revision.Record;
        return latest;
    }

    public ReleaseHealth HealthOf(ReleaseName release) => 
        ReleaseHealth.Of(fresh.Over(release, workloads.SelectMany(w => w.Items).OfType<Workload>().Where(w => w.Release == release)));

    public async Task<ReleaseHealth> CatchUpAsync(ReleaseName release, int revision, CancellationToken ct)
    {
        await WaitAsync(() => Find(release) is { } seen && seen.Revision >= revision && !seen.IsPending, ct);
        var read = new List<Workload>();
        foreach (var kind in WorkloadKinds)
        {
            var list = await client.Dynamic(kind).ListAsync(new() { Namespace = release.Namespace, LabelSelector = HelmLabel }, WorkloadHealth.Of, ct);
            read.AddRange(list.Items.OfType<Workload>().Where(w => w.Release == release));
        }

        fresh.Read(release, read);
        return HealthOf(release);
    }

    public Task WaitUntilGoneAsync(ReleaseName release, CancellationToken ct) =>
        WaitAsync(() => Find(release) is null or { State: ReleaseState.Uninstalled }, ct);

    public async ValueTask DisposeAsync()
    {
        await Inventory.DisposeAsync();
        await releases.DisposeAsync();
        foreach (var informer in workloads)
            await informer.DisposeAsync();
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

    private void Note(InformerEvent<Workload?> change)
    {
        if (change.Item is { } workload)
        {
            if (change.Type == InformerEventType.Deleted)
                fresh.Gone(workload);
            else
                fresh.Seen(workload);
        }

        Tell((change.Item ?? change.Previous)?.Release);
    }

    private void Tell(ReleaseName release) => Tell((ReleaseName?)release);

    private void Tell(ReleaseName? release)
    {
        Interlocked.Exchange(ref moved, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult();
        if (isComplete && release is { } known)
            changed(known);
    }
}
