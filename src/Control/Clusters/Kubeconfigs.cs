using System.Text;
using System.Text.Json.Nodes;
using Fleet.Control.Kinds;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Resources;

namespace Fleet.Control.Clusters;

/// <summary>Finds the kubeconfig of a cluster in the management cluster.</summary>
public sealed class Kubeconfigs(IKubernetesClient management)
{
    private static readonly GroupVersionKind AdoptedCluster = new("lib.projectsveltos.io", "v1beta1", "SveltosCluster");

    /// <summary>
    /// CAPI's <c>NAME-kubeconfig</c> (key <c>value</c>); for an adopted cluster the Secret that its SveltosCluster names, else <c>NAME-sveltos-kubeconfig</c>.
    /// Null when there is none yet.
    /// </summary>
    public async Task<string?> FindAsync(ObjectKey cluster, CancellationToken ct)
    {
        if (ManagementCluster.Is(cluster))
            return await ReadAsync(cluster with { Name = ManagementCluster.KubeconfigSecret }, ct);
        if (await ReadAsync(cluster with { Name = $"{cluster.Name}-kubeconfig" }, ct) is { } capi)
            return capi;
        if (await management.FindKindAsync(AdoptedCluster, ct) is not { } kind || await management.Dynamic(kind).GetAsync(cluster, ct) is not { } adopted)
            return null;
        var name = (string?)adopted.At("spec", "kubeconfigName") ?? $"{cluster.Name}-sveltos-kubeconfig";
        return await ReadAsync(cluster with { Name = name }, ct);
    }

    private async Task<string?> ReadAsync(ObjectKey key, CancellationToken ct)
    {
        var secret = await management.Dynamic(CoreKinds.Secrets).GetAsync(key, ct);
        if (secret?.At("data") is not JsonObject data)
            return null;
        var encoded = data["value"] ?? data["kubeconfig"] ?? (data.Count == 1 ? data.First().Value : null);
        return (string?)encoded is { Length: > 0 } text ? Encoding.UTF8.GetString(Convert.FromBase64String(text)) : null;
    }
}
