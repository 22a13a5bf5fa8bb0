using Fleet.Control.Kinds;
using Fleet.Control.Queueing;
using Fleet.Kubernetes;
using Fleet.Kubernetes.Configuration;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Resources;

namespace Fleet.Control.Clusters;

/// <summary>
/// The connection of one grain to its cluster: one client, one view of what is in it. A circuit breaker keeps a cluster that does not answer from being asked at
/// every reconcile; another kubeconfig closes it at once. Used within the grain's turn only.
/// </summary>
/// <param name="open">Makes the view, which owns what it watches but not the client.</param>
/// <param name="problemOf">Why a view may be behind; null while it is not.</param>
public sealed class ClusterConnection<TView>(
    Func<ClusterOpening, CancellationToken, Task<TView>> open, Func<TView, string?> problemOf, TimeProvider clock, IJitterSource jitter) : IAsyncDisposable
    where TView : class, IAsyncDisposable
{
    /// <summary>A healthy API server answers in milliseconds; ten seconds is a dead one or a dead network.</summary>
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(10);

    /// <summary>The first lists of a large cluster take longer than one answer.</summary>
    private static readonly TimeSpan ViewTimeout = TimeSpan.FromSeconds(30);

    private static readonly Backoff Breaker = new() { First = TimeSpan.FromSeconds(2), Longest = TimeSpan.FromMinutes(2) };

    private IKubernetesClient? client;
    private TView? view;
    private string kubeconfig = "";
    private int failures;
    private TimeSpan pause;
    private long pausedAt;
    private string lastProblem = "";

    /// <summary>What is known now: null while it is not connected. Nobody is asked.</summary>
    public TView? Known => view;

    /// <summary>Throws <see cref="ClusterNotConnectedException"/> when it cannot be had now.</summary>
    public async Task<TView> EnsureAsync(string wanted, CancellationToken ct)
    {
        if (wanted != kubeconfig)
        {
            await CloseAsync();
            kubeconfig = wanted;
            failures = 0;
            pause = default;
        }
        if (view is { } live)
            return problemOf(live) is { } problem ? throw new ClusterNotConnectedException(problem, Breaker.After(3, jitter)) : live;
        // By the monotonic clock: one that is set back must not keep a cluster away for as long.
        var left = pause - clock.GetElapsedTime(pausedAt);
        if (left > TimeSpan.Zero)
            throw new ClusterNotConnectedException(lastProblem, left);
        try
        {
            view = await ConnectAsync(ct);
            failures = 0;
            return view;
        }
        catch (Exception e) when (e is KubeApiException or KubeConfigException or TimeoutException || (e is OperationCanceledException && !ct.IsCancellationRequested))
        {
            CloseClient();
            var delay = Breaker.After(++failures, jitter);
            (pause, pausedAt) = (delay, clock.GetTimestamp());
            lastProblem = e is OperationCanceledException ? $"the cluster did not answer within {ConnectTimeout.TotalSeconds:0} s" : e.Message;
            throw new ClusterNotConnectedException(lastProblem, delay);
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync() => await CloseAsync();

    private async Task<TView> ConnectAsync(CancellationToken ct)
    {
        // A kubeconfig out of a Secret must not start programs here nor read files of this machine.
        var endpoint = KubeConfig.Parse(kubeconfig, "the cluster's kubeconfig").Endpoint(new() { AllowExec = false, AllowFiles = false, Clock = clock });
        client = KubernetesClient.Create(endpoint, new() { MaxConcurrentRequests = 8, RequestsPerSecond = 20, ReadRetries = 1, Clock = clock });
        var uid = await ReadUidAsync(client, ct);
        using var timeout = new CancellationTokenSource(ViewTimeout, clock);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, ct);
        return await open(new(uid, kubeconfig, client), both.Token);
    }

    private async Task<string> ReadUidAsync(IKubernetesClient asked, CancellationToken ct)
    {
        using var timeout = new CancellationTokenSource(ConnectTimeout, clock);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, ct);
        var system = await asked.Dynamic(CoreKinds.Namespaces).GetAsync(ObjectKey.Cluster("kube-system"), both.Token);
        return system?.Metadata.Uid ?? throw new KubeApiException(404, "NotFound", "the cluster has no namespace kube-system, by whose uid it is known");
    }

    private async Task CloseAsync()
    {
        if (view is { } old)
            await old.DisposeAsync();
        view = null;
        CloseClient();
    }

    private void CloseClient()
    {
        client?.Dispose();
        client = null;
    }
}

/// <summary>A cluster that has answered. Not a record: what it prints must not hold the kubeconfig.</summary>
/// <param name="uid">Of its namespace kube-system, which is the cluster's identity.</param>
/// <param name="client">Bounded in rate and concurrency.</param>
public sealed class ClusterOpening(string uid, string kubeconfig, IKubernetesClient client)
{
    public string Uid => uid;

    public string Kubeconfig => kubeconfig;

    public IKubernetesClient Client => client;
}
