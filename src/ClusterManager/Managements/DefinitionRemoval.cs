using Fleet.Contracts;
using Fleet.Contracts.Components;
using Fleet.Control.Grains;
using Fleet.Control.Kinds;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Resources;

namespace Fleet.ClusterManager.Managements;

/// <summary>Removes definitions, and so all objects of their kinds, as <c>spec.cleanup</c> asks for.</summary>
internal sealed class DefinitionRemoval(IKubernetesClient client)
{
    private const string ProviderLabel = "cluster.x-k8s.io/provider";

    private static readonly string Managements = $"{FleetKinds.Managements.Kind.Plural}.{FleetApi.Group}";

    /// <summary>
    /// Names of those of Cluster API that are not gone yet: their objects are waited for, since somebody may have to act on them. The deletion of Fleet's own
    /// is only asked for, and that of Management last: its objects can go when this one's finalizer has.
    /// </summary>
    public async Task<IReadOnlyList<string>> RemoveAsync(ManagementCleanup? cleanup, GrainOwnership ownership, CancellationToken ct)
    {
        if (cleanup is not ({ K0rdentCrds: true } or { CapiProviderCrds: true }))
            return [];
        var all = (await client.Dynamic(CoreKinds.Definitions).ListAsync(new() { PageSize = 20 }, ct)).Items;
        // Those of Cluster API and its providers have the label that clusterctl and the operator put on them.
        var ofCapi = all.Where(definition => cleanup.CapiProviderCrds == true && definition.Metadata.Labels?.ContainsKey(ProviderLabel) == true).ToList();
        foreach (var definition in ofCapi)
            await DeleteAsync(definition, ownership, ct);
        if (ofCapi.Count > 0)
            return [.. ofCapi.Select(definition => definition.Key.Name)];
        var own = all.Where(definition => cleanup.K0rdentCrds == true && (string?)definition.At("spec", "group") == FleetApi.Group);
        foreach (var definition in own.OrderBy(definition => definition.Key.Name == Managements))
            await DeleteAsync(definition, ownership, ct);
        return [];
    }

    private async Task DeleteAsync(DynamicObject definition, GrainOwnership ownership, CancellationToken ct)
    {
        if (!definition.Metadata.IsBeingDeleted)
            await client.Dynamic(CoreKinds.Definitions).DeleteFencedAsync(definition.Key, definition.Metadata.Uid, DeleteOptions.Background, ownership, ct);
    }
}
