using Fleet.Helm.Releases;
using Fleet.Kubernetes.Objects;
using Fleet.Rest.Requests;

namespace Fleet.StateManager.Api;

/// <summary>The cluster and the service that a path names.</summary>
internal readonly record struct ServicePath(string Namespace, string Cluster, string ServiceNamespace, string Service)
{
    public (ObjectKey Cluster, ReleaseName Release) Keys()
    {
        var cluster = PathNames.Key(Namespace, Cluster);
        var release = PathNames.Key(ServiceNamespace, Service);
        return (cluster, new ReleaseName(release.Namespace, release.Name));
    }
}
