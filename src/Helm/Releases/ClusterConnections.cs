using Fleet.Helm.Errors;
using Fleet.Kubernetes;
using Fleet.Kubernetes.Configuration;

namespace Fleet.Helm.Releases;

/// <summary>A client for what helm cannot do in a cluster, under the same rules as helm's kubeconfig.</summary>
internal static class ClusterConnections
{
    /// <exception cref="HelmException">The kubeconfig cannot be used, or would act on Fleet's own host.</exception>
    public static KubernetesClient Connect(this ClusterAccess cluster, TimeProvider time)
    {
        KubeconfigSecrets.Check(cluster);
        try
        {
            return KubernetesClient.Create(KubeConfig.Parse(cluster.Kubeconfig, "cluster").Endpoint(new KubeConfigOptions
            {
                Context = cluster.Context,
                AllowExec = cluster.IsTrusted,
                AllowFiles = cluster.IsTrusted,
                AllowInsecureTls = true,
                Clock = time,
            }));
        }
        catch (KubeConfigException e)
        {
            throw new HelmException(HelmErrorKind.ClusterUnreachable, $"The kubeconfig cannot be used: {e.Message}", e);
        }
    }
}
