using Fleet.Control.Queueing;
using Fleet.Helm.Releases;
using Fleet.Kubernetes;
using Fleet.Kubernetes.Configuration;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Resources;

namespace Fleet.StateManager.Connections;

/// <summary>
/// The connection of one grain to its cluster: one client, one view. A circuit breaker keeps a cluster that does not answer from being asked at every
/// reconcile; another kubeconfig closes it at once. Used within the grain's turn only.
/// </summary>
internal sealed class ClusterConnection(Action changed, TimeProvider clock, IJitterSource jitter) : IAsyncDisposable
{
    /// <summary>A healthy API server answers in milliseconds; ten seconds is a dead one or a dead network.</summary>
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(10);

    /// <summary>The first lists of a large cluster take longer than one answer.</summary>
    private static readonly TimeSpan ViewTimeout = TimeSpan.FromSeconds(30);

    private static readonly Backoff Breaker = new() { First = TimeSpan.FromSeconds(2), Longest = TimeSpan.FromMinutes(2) };

    private static readonly ResourceKind Namespaces = new("", "v1", "Namespace", "namespaces", false);

    private IKubernetesClient? client;
    private ConnectedCluster? connected;
    private string kubeconfig = "";
    private int failures;
    private DateTimeOffset openUntil;
    private string lastProblem = "";

    /// <summary>Throws <see cref="ClusterNotConnectedException"/> when it cannot be had now.</summary>
    public async Task<ConnectedCluster> EnsureAsync(string wanted, CancellationToken ct)
    {
        if (wanted != kubeconfig)
        {
            await CloseAsync();
            kubeconfig = wanted;
            failures = 0;
            openUntil = default;
        }
        if (connected is { } live)
            return live.View.Problem is { } problem ? throw new ClusterNotConnectedException(problem, Breaker.After(3, jitter)) : live;
        var left = openUntil - clock.GetUtcNow();
        if (left > TimeSpan.Zero)
            throw new ClusterNotConnectedException(lastProblem, left);
        try
        {
            connected = await ConnectAsync(ct);
            failures = 0;
            return connected;
        }
        catch (Exception e) when (e is KubeApiException or KubeConfigException or TimeoutException || (e is OperationCanceledException && !ct.IsCancellationRequested))
        {
            await CloseClientAsync();
            var delay = Breaker.After(++failures, jitter);
            openUntil = clock.GetUtcNow() + delay;
            lastProblem = e is OperationCanceledException ? $"the cluster did not answer within {ConnectTimeout.TotalSeconds:0} s" : e.Message;
            throw new ClusterNotConnectedException(lastProblem, delay);
        }
    }

    public async ValueTask DisposeAsync() => await CloseAsync();

    private async Task<ConnectedCluster> ConnectAsync(CancellationToken ct)
    {
        // A kubeconfig out of a Secret must not start programs here nor read files of this machine.
        var endpoint = KubeConfig.Parse(kubeconfig, "the cluster's kubeconfig").Endpoint(new() { AllowExec = false, AllowFiles = false, Clock = clock });
        client = KubernetesClient.Create(endpoint, new() { MaxConcurrentRequests = 8, RequestsPerSecond = 20, ReadRetries = 1, Clock = clock });
        var uid = await ReadUidAsync(client, ct);
        var view = new ClusterView(client, _ => changed(), clock, jitter);
        try
        {
            using var timeout = new CancellationTokenSource(ViewTimeout, clock);
            using var both = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, ct);
            await view.StartAsync(both.Token);
        }
        catch
        {
            await view.DisposeAsync();
            throw;
        }
        return new ConnectedCluster(uid, new ClusterAccess(kubeconfig), client, view, await new FieldChecks(client).AreOfServerAsync(ct));
    }

    private async Task<string> ReadUidAsync(IKubernetesClient asked, CancellationToken ct)
    {
        using var timeout = new CancellationTokenSource(ConnectTimeout, clock);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, ct);
        var system = await asked.Dynamic(Namespaces).GetAsync(ObjectKey.Cluster("kube-system"), both.Token);
        return system?.Metadata.Uid ?? throw new KubeApiException(404, "NotFound", "the cluster has no namespace kube-system, by whose uid it is known");
    }

    private async Task CloseAsync()
    {
        if (connected is { } old)
            await old.View.DisposeAsync();
        connected = null;
        await CloseClientAsync();
    }

    private Task CloseClientAsync()
    {
        client?.Dispose();
        client = null;
        return Task.CompletedTask;
    }
}
