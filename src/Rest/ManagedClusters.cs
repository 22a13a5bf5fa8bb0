using System.Text;
using Fleet.Rest.Problems;
using Fleet.Control.Kinds;
using Fleet.Kubernetes;
using Fleet.Kubernetes.Configuration;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Resources;

namespace Fleet.Rest;

/// <summary>
/// Calls into managed clusters on behalf of callers of the API, with the kubeconfig that Fleet keeps. Each call has a connection and a time limit of its
/// own; what goes wrong there is a <see cref="ProblemException"/> that says it was the managed cluster.
/// </summary>
public sealed class ManagedClusters(IKubernetesClient management, AdminApiOptions options, TimeProvider clock)
{
    public static ObjectKey SecretOf(ObjectKey cluster) => new(cluster.Namespace, cluster.Name + "-kubeconfig");

    /// <summary>The text of the kubeconfig Secret.</summary>
    public async Task<string> KubeconfigAsync(ObjectKey cluster, CancellationToken ct)
    {
        var secret = await management.Dynamic(CoreKinds.Secrets).GetAsync(SecretOf(cluster), ct);
        return (string?)secret?.At("data", "value") is { Length: > 0 } data
            ? Encoding.UTF8.GetString(Convert.FromBase64String(data))
            : throw new ProblemException(ProblemKind.Conflict, $"{cluster} has no kubeconfig yet");
    }

    public async Task<T> CallAsync<T>(ObjectKey cluster, Func<IKubernetesClient, ClusterEndpoint, CancellationToken, Task<T>> call, CancellationToken ct) =>
        await CallAsync(cluster, await KubeconfigAsync(cluster, ct), call, ct);

    /// <summary>With a kubeconfig that was found elsewhere.</summary>
    public async Task<T> CallAsync<T>(ObjectKey cluster, string kubeconfig, Func<IKubernetesClient, ClusterEndpoint, CancellationToken, Task<T>> call, CancellationToken ct)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(options.ManagedClusterTimeout);
        try
        {
            // Kubeconfigs of adopted clusters come from users: they may start no programs and read no files.
            var endpoint = KubeConfig.Parse(kubeconfig, $"the kubeconfig of {cluster}").Endpoint(new() { AllowExec = false, AllowFiles = false, Clock = clock });
            using var client = KubernetesClient.Create(endpoint, new() { Timeout = options.ManagedClusterTimeout, ReadRetries = 0, Clock = clock, UserAgent = "fleet-api" });
            return await call(client, endpoint, limit.Token);
        }
        catch (KubeConfigException e)
        {
            throw new ProblemException(ProblemKind.ManagedCluster, e.Message);
        }
        catch (KubeApiException e) when (!e.IsGone && e.Code != 400)
        {
            throw new ProblemException(ProblemKind.ManagedCluster, $"{cluster}: {e.Message}");
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            throw new ProblemException(ProblemKind.ManagedCluster, $"{cluster} did not answer within {options.ManagedClusterTimeout.TotalSeconds:0} s");
        }
    }
}
