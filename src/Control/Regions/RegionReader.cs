using System.Text;
using System.Text.Json.Nodes;
using Fleet.Contracts;
using Fleet.Control.Kinds;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Resources;

namespace Fleet.Control.Regions;

/// <summary>Follows a Region to its kubeconfig. Failures of the management API throw.</summary>
public sealed class RegionReader(IKubernetesClient client, SystemNamespaces namespaces)
{
    private const string UsualKey = "value";

    /// <summary>Null when there is no such Region.</summary>
    public async Task<RegionAddress?> ReadAsync(string name, CancellationToken ct) =>
        await client.Resource(FleetKinds.Regions).GetAsync(ObjectKey.Cluster(name), ct) is { } region ? await FollowAsync(region, ct) : null;

    public async Task<RegionAddress> FollowAsync(Region region, CancellationToken ct)
    {
        if (region.Spec.KubeConfig is { } reference)
            return await OfSecretAsync(region, reference.Name, reference.Key is { Length: > 0 } key ? key : UsualKey, ct);
        if (region.Spec.ClusterDeployment is { } cluster)
            return await OfClusterAsync(region, new(cluster.Namespace, cluster.Name), ct);
        return new(region, null, "exactly one of kubeConfig or clusterDeployment must be set");
    }

    private async Task<RegionAddress> OfSecretAsync(Region region, string name, string key, CancellationToken ct)
    {
        foreach (var place in namespaces.Names)
            if (await client.Dynamic(CoreKinds.Secrets).GetAsync(new(place, name), ct) is { } secret)
                return Text(secret, key) is { } text
                    ? new(region, text, null)
                    : new(region, null, $"kubeconfig Secret {secret.Key} has no key {key}");
        return new(region, null, $"kubeconfig Secret {namespaces.Names[0]}/{name} not found");
    }

    private async Task<RegionAddress> OfClusterAsync(Region region, ObjectKey key, CancellationToken ct)
    {
        if (await client.Resource(FleetKinds.ClusterDeployments).GetAsync(key, ct) is null)
            return new(region, null, $"ClusterDeployment {key} not found");
        var place = key with { Name = key.Name + "-kubeconfig" };
        var text = await client.Dynamic(CoreKinds.Secrets).GetAsync(place, ct) is { } secret ? Text(secret, UsualKey) : null;
        return new(region, text, text is null ? $"kubeconfig Secret {place} of ClusterDeployment {key} is not there yet" : null);
    }

    /// <summary>Null also when it is no base64, which only a broken hand-made Secret is.</summary>
    private static string? Text(DynamicObject secret, string key)
    {
        if (secret.At("data", key) is not JsonValue value || !value.TryGetValue<string>(out var encoded) || encoded.Length == 0)
            return null;
        var bytes = new byte[encoded.Length];
        return Convert.TryFromBase64String(encoded, bytes, out var length) ? Encoding.UTF8.GetString(bytes, 0, length) : null;
    }

    /// <summary>Present means paused, whatever its value; so it is upstream.</summary>
    public static bool IsPaused(Region region) => region.Metadata.Annotations?.ContainsKey(FleetAnnotations.RegionPause) == true;
}
