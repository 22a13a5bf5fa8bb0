using System.Security.Cryptography;
using System.Text;
using Fleet.Kubernetes.Objects;

namespace Fleet.StateManager.MultiClusterServices;

/// <summary>Name of the ServiceSet of one MultiClusterService on one cluster: upstream's, the cluster and four bytes of a hash.</summary>
internal static class ServiceSetNames
{
    /// <param name="service">Its namespace is in the hash where it has one: two kinds of the same name must not meet.</param>
    public static string Of(string cluster, ObjectKey service)
    {
        var text = service.Namespace.Length == 0 ? service.Name : $"{service.Namespace}/{service.Name}";
        return $"{cluster}-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text))[..4])}";
    }
}
