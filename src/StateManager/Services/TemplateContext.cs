using System.Text.Json.Nodes;
using Fleet.Contracts;
using Fleet.Control.Clusters;
using Fleet.Control.Kinds;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Resources;
using Fleet.StateManager.Connections;

namespace Fleet.StateManager.Services;

/// <summary>
/// What the values of services can read: <c>.Cluster</c>, <c>.InfrastructureProvider</c> and <c>.KubeadmControlPlane</c>, the CAPI objects of the
/// cluster as they are in the management cluster, or in the region that the cluster is in. Read only when a value is a template.
/// </summary>
internal sealed class TemplateContext(IKubernetesClient management, RegionClients regions)
{
    private static readonly string[] CapiVersions = ["v1beta2", "v1beta1"];

    /// <exception cref="RegionNotReachableException">The objects are in a region that cannot be asked now.</exception>
    public Task<JsonObject> ReadAsync(ObjectKey cluster, CancellationToken ct) => WithHostAsync(cluster, async host =>
    {
        var context = new JsonObject();
        // The management cluster is not Cluster API's.
        if (ManagementCluster.Is(cluster) || await FindClusterAsync(host, cluster, ct) is not { } capi)
            return context;
        context["Cluster"] = capi.Root.DeepClone();
        await AddAsync(host, context, "InfrastructureProvider", capi, "infrastructureRef", ct);
        await AddAsync(host, context, "KubeadmControlPlane", capi, "controlPlaneRef", ct);
        return context;
    }, ct);

    /// <exception cref="RegionNotReachableException">The object may be in a region that cannot be asked now.</exception>
    public Task<DynamicObject?> FindClusterAsync(ObjectKey cluster, CancellationToken ct) => WithHostAsync(cluster, host => FindClusterAsync(host, cluster, ct), ct);

    private async Task<T> WithHostAsync<T>(ObjectKey cluster, Func<IKubernetesClient, Task<T>> read, CancellationToken ct)
    {
        if (await management.Resource(FleetKinds.ClusterDeployments).GetAsync(cluster, ct) is not { Status.Region: { Length: > 0 } region })
            return await read(management);
        try
        {
            return await read(await regions.OfAsync(region, ct));
        }
        catch (KubeApiException e)
        {
            throw new RegionNotReachableException($"Region {region}: {e.Message}");
        }
    }

    /// <summary>By the label of the Helm release that made it, as the names of charts' Clusters are their own business; else by name.</summary>
    private static async Task<DynamicObject?> FindClusterAsync(IKubernetesClient host, ObjectKey cluster, CancellationToken ct)
    {
        foreach (var version in CapiVersions)
        {
            if (await host.FindKindAsync(new("cluster.x-k8s.io", version, "Cluster"), ct) is not { } kind)
                continue;
            var made = await host.Dynamic(kind).ListAsync(
                new() { Namespace = cluster.Namespace, LabelSelector = $"{FleetLabels.HelmReleaseName}={cluster.Name}" }, ct);
            return made.Items.Count > 0 ? made.Items[0] : await host.Dynamic(kind).GetAsync(cluster, ct);
        }

        return null;
    }

    private static async Task AddAsync(IKubernetesClient host, JsonObject context, string name, DynamicObject capi, string field, CancellationToken ct)
    {
        if (capi.At("spec", field) is not JsonObject reference)
            return;
        var kind = await FindReferencedKindAsync(host, reference, ct);
        var key = new ObjectKey((string?)reference["namespace"] ?? capi.Key.Namespace, (string?)reference["name"] ?? "");
        if (kind is not null && await host.Dynamic(kind).GetAsync(key, ct) is { } found)
            context[name] = found.Root.DeepClone();
    }

    /// <summary>v1beta1 references name an apiVersion; v1beta2 only a group, whose usual versions are tried.</summary>
    private static async Task<ResourceKind?> FindReferencedKindAsync(IKubernetesClient host, JsonObject reference, CancellationToken ct)
    {
        var kind = (string?)reference["kind"] ?? "";
        if ((string?)reference["apiVersion"] is { } apiVersion)
            return await host.FindKindAsync(GroupVersionKind.Parse(apiVersion, kind), ct);
        foreach (var version in CapiVersions)
            if (await host.FindKindAsync(new((string?)reference["apiGroup"] ?? "", version, kind), ct) is { } found)
                return found;
        return null;
    }
}
