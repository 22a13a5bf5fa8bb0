using Fleet.Kubernetes;
using Fleet.Kubernetes.Configuration;

namespace Fleet.ClusterManager.Connections;

/// <summary>Clients for managed clusters. Kubeconfigs come from users: they may start no programs and read no files.</summary>
internal sealed class ManagedClients(ClusterManagerOptions options, TimeProvider clock)
{
    /// <summary>Throws <see cref="KubeConfigException"/>. Reads are not repeated: whoever asks has a pace of his own, and gives up the connection when nobody answers.</summary>
    public KubernetesClient Open(string kubeconfig) => KubernetesClient.Create(
        Endpoint(kubeconfig),
        For(options.ProbeTimeout, mostAtOnce: 4) with
        {
            // A path that dies is found by the next question. With a thousand clusters the timers of pings and of idle connections were most of what a steady fleet cost.
            Ping = Timeout.InfiniteTimeSpan,
            IdleTimeout = TimeSpan.FromMinutes(10),
        });

    /// <summary>For the cluster of a region, through which many clusters are worked on. Throws <see cref="KubeConfigException"/>.</summary>
    public KubernetesClient OpenForWork(string kubeconfig) => KubernetesClient.Create(Endpoint(kubeconfig), For(2 * options.ProbeTimeout, mostAtOnce: 32));

    private ClusterEndpoint Endpoint(string kubeconfig) => KubeConfig.Parse(kubeconfig, "kubeconfig").Endpoint(new() { AllowExec = false, AllowFiles = false, Clock = clock });

    private KubernetesClientOptions For(TimeSpan timeout, int mostAtOnce) => new()
    {
        Timeout = timeout,
        ConnectTimeout = options.ProbeTimeout,
        ReadRetries = 0,
        MaxConcurrentRequests = mostAtOnce,
        Clock = clock,
    };
}
