using System.Text;
using Fleet.ClusterManager.Capi;
using Fleet.ClusterManager.Clusters;
using Fleet.Control.Kinds;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Resources;

namespace Fleet.ClusterManager.Connections;

/// <summary>Reads the kubeconfig that Cluster API keeps for a Cluster.</summary>
internal static class KubeconfigReader
{
    private const string Suffix = "-kubeconfig";

    public static async Task<KubeconfigFacts> ReadAsync(IKubernetesClient client, CapiCluster cluster, CancellationToken ct)
    {
        var key = cluster.Key with { Name = cluster.Key.Name + Suffix };
        var secret = await client.Dynamic(CoreKinds.Secrets).GetAsync(key, ct);
        return new(key, secret is null || IsOfAnother(secret, cluster) ? null : Value(secret));
    }

    /// <summary>Null when the Secret has no kubeconfig in key value.</summary>
    public static string? Value(DynamicObject? secret)
    {
        if (secret?.At("data", "value") is not System.Text.Json.Nodes.JsonValue value || !value.TryGetValue<string>(out var encoded) || encoded.Length == 0)
            return null;
        try
        {
            return Encoding.UTF8.GetString(Convert.FromBase64String(encoded));
        }
        catch (FormatException)
        {
            return null;
        }
    }

    // A Secret outlives its Cluster for a moment; a new Cluster of the same name must not be judged by the old one's. Other owners are not known here.
    private static bool IsOfAnother(DynamicObject secret, CapiCluster cluster) =>
        secret.Metadata.OwnerReferences?.Exists(owner =>
            (owner.Kind == "Cluster" && owner.ApiVersion.StartsWith(CapiReader.Group + "/", StringComparison.Ordinal) && cluster.Uid is not null && owner.Uid != cluster.Uid)
            || (owner.Kind.EndsWith("ControlPlane", StringComparison.Ordinal) && cluster.ControlPlaneUid is not null && owner.Uid != cluster.ControlPlaneUid)) == true;
}
