using System.Text.Json.Nodes;
using Fleet.Contracts;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Resources;

namespace Fleet.StateManager.Services;

/// <summary>
/// What the values of services can read: <c>.Cluster</c>, <c>.InfrastructureProvider</c> and <c>.KubeadmControlPlane</c>, the CAPI objects of the
/// cluster as they are in the management cluster. Read only when a value is a template.
/// </summary>
internal sealed class TemplateContext(IKubernetesClient management)
{
    private static readonly string[] CapiVersions = ["v1beta2", "v1beta1"];

    public async Task<JsonObject> ReadAsync(ObjectKey cluster, CancellationToken ct)
    {
        var context = new JsonObject();
        if (await FindClusterAsync(cluster, ct) is not { } capi)
            return context;
        context["Cluster"] = capi.Root.DeepClone();
        await AddAsync(context, "InfrastructureProvider", capi, "infrastructureRef", ct);
        await AddAsync(context, "KubeadmControlPlane", capi, "controlPlaneRef", ct);
        return context;
    }

    /// <summary>By the label of the Helm release that made it, as the names of charts' Clusters are their own business; else by name.</summary>
    public async Task<DynamicObject?> FindClusterAsync(ObjectKey cluster, CancellationToken ct)
    {
        foreach (var version in CapiVersions)
        {
            if (await management.FindKindAsync(new("cluster.x-k8s.io", version, "Cluster"), ct) is not { } kind)
                continue;
            var made = await management.Dynamic(kind).ListAsync(
                new() { Namespace = cluster.Namespace, LabelSelector = $"{FleetLabels.HelmReleaseName}={cluster.Name}" }, ct);
            return made.Items.Count > 0 ? made.Items[0] : await management.Dynamic(kind).GetAsync(cluster, ct);
        }
        return null;
    }

    private async Task AddAsync(JsonObject context, string name, DynamicObject capi, string field, CancellationToken ct)
    {
        if (capi.At("spec", field) is not JsonObject reference)
            return;
        var kind = await FindReferencedKindAsync(reference, ct);
        var key = new ObjectKey((string?)reference["namespace"] ?? capi.Key.Namespace, (string?)reference["name"] ?? "");
        if (kind is not null && await management.Dynamic(kind).GetAsync(key, ct) is { } found)
            context[name] = found.Root.DeepClone();
    }

    /// <summary>v1beta1 references name an apiVersion; v1beta2 only a group, whose usual versions are tried.</summary>
    private async Task<ResourceKind?> FindReferencedKindAsync(JsonObject reference, CancellationToken ct)
    {
        var kind = (string?)reference["kind"] ?? "";
        if ((string?)reference["apiVersion"] is { } apiVersion)
            return await management.FindKindAsync(GroupVersionKind.Parse(apiVersion, kind), ct);
        foreach (var version in CapiVersions)
            if (await management.FindKindAsync(new((string?)reference["apiGroup"] ?? "", version, kind), ct) is { } found)
                return found;
        return null;
    }
}
