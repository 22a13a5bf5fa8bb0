using System.Collections.Concurrent;
using System.Threading.Channels;
using Fleet.ControlPlane.Machinery;
using Fleet.Kubernetes.Resources;

namespace Fleet.ControlPlane.Lifecycle;

/// <summary>What a kube-controller-manager does around objects of any kind, for all clusters of the process, in one loop.</summary>
internal sealed class ClusterControllers(ClusterRegistry clusters, TimeProvider clock, ILoggerFactory? loggers) : IAsyncDisposable
{
    private static readonly TimeSpan SweepEvery = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(1);

    private readonly Channel<LifecycleWork> queue = Channel.CreateUnbounded<LifecycleWork>(new() { SingleReader = true });
    private readonly ConcurrentDictionary<LifecycleWork, byte> waiting = [];
    private readonly ConcurrentDictionary<Cluster, ObservedCluster> observed = [];
    private readonly CancellationTokenSource stopping = new();
    private readonly ILogger? log = loggers?.CreateLogger("Fleet.ControlPlane.Lifecycle");
    private Task loop = Task.CompletedTask;
    private ITimer? sweeper;

    public Task StartAsync(CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        clusters.Added += cluster => Observe(cluster, lookAtAll: false);
        clusters.Removed += Forget;
        foreach (var cluster in clusters.All) Observe(cluster, lookAtAll: true);
        loop = Task.Run(RunAsync, CancellationToken.None);
        sweeper = clock.CreateTimer(_ => Sweep(), null, SweepEvery, SweepEvery);
        return Task.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        if (sweeper is not null) await sweeper.DisposeAsync();
        await stopping.CancelAsync();
        queue.Writer.TryComplete();
        await loop;
        foreach (var cluster in observed.Values) cluster.Dispose();
        stopping.Dispose();
    }

    /// <summary>A cluster made from the template is complete; only what comes later matters.</summary>
    private void Observe(Cluster cluster, bool lookAtAll)
    {
        var added = observed.GetOrAdd(cluster, c => new ObservedCluster(c, Enqueue));
        if (lookAtAll) added.Start();
    }

    private void Forget(Cluster cluster)
    {
        if (observed.TryRemove(cluster, out var gone)) gone.Dispose();
    }

    private void Enqueue(LifecycleWork work)
    {
        if (waiting.TryAdd(work, 0)) queue.Writer.TryWrite(work);
    }

    private async Task RunAsync()
    {
        await foreach (var work in queue.Reader.ReadAllAsync())
        {
            waiting.TryRemove(work, out _);
            if (stopping.IsCancellationRequested) return;
            try
            {
                await DoAsync(work, stopping.Token);
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
                return;
            }
            catch (Exception failure)
            {
                if (failure is not KubeApiException { IsTransient: false }) log?.LogWarning(failure, "{Task} of {Key} in {Cluster} failed", work.Task, work.Key, work.Cluster.Cluster.Name);
                Retry(work);
            }
        }
    }

    private static ValueTask DoAsync(LifecycleWork work, CancellationToken ct) => work.Task switch
    {
        LifecycleTask.Namespace => NamespaceContent.CheckAsync(work.Cluster, work.Key, ct),
        LifecycleTask.Definition => DefinitionCleanup.CheckAsync(work.Cluster, work.Key, ct),
        LifecycleTask.OwnerGone => GarbageCollector.OwnerGoneAsync(work.Cluster, work.Uid, ct),
        LifecycleTask.Dependent => GarbageCollector.DependentAsync(work.Cluster, work.Table!, work.Key, ct),
        LifecycleTask.DeletedOwner => GarbageCollector.DeletedOwnerAsync(work.Cluster, work.Table!, work.Key, ct),
        _ => AggregatedRoles.CheckAsync(work.Cluster.Cluster, ct),
    };

    /// <summary>The timer is collected with its callback once it has fired.</summary>
    private void Retry(LifecycleWork work) =>
        _ = Task.Delay(RetryAfter, clock, stopping.Token).ContinueWith(
            _ => Enqueue(work), CancellationToken.None, TaskContinuationOptions.OnlyOnRanToCompletion, TaskScheduler.Default);

    private void Sweep()
    {
        foreach (var cluster in observed.Keys)
        {
            cluster.Store.ForgetOldEvents();
            ExpiredEvents.Delete(cluster, failure => log?.LogWarning(failure, "expired events of {Cluster} could not be deleted", cluster.Name));
        }
    }
}
