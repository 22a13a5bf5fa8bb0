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
    /// Names of those that are not gone yet. That of Management itself goes with the object, whose finalizer is still there: its deletion is only asked for.
    /// </summary>
    public async Task<IReadOnlyList<string>> RemoveAsync(ManagementCleanup? cleanup, GrainOwnership ownership, CancellationToken ct)
    {
        if (cleanup is not ({ K0rdentCrds: true } or { CapiProviderCrds: true }))
            return [];
        var all = (await client.Dynamic(CoreKinds.Definitions).ListAsync(new() { PageSize = 20 }, ct)).Items;
        var unwanted = all.Where(definition => Is(cleanup, definition)).ToList();
        foreach (var definition in unwanted.Where(definition => definition.Key.Name != Managements))
            await DeleteAsync(definition, ownership, ct);
        List<string> left = [.. unwanted.Select(definition => definition.Key.Name).Where(name => name != Managements)];
        if (left.Count == 0 && unwanted.Find(definition => definition.Key.Name == Managements) is { } own)
            await DeleteAsync(own, ownership, ct);
        return left;
    }

    // Those of Cluster API and its providers have the label that clusterctl and the operator put on them.
    private static bool Is(ManagementCleanup cleanup, DynamicObject definition) =>
        (cleanup.K0rdentCrds == true && (string?)definition.At("spec", "group") == FleetApi.Group)
        || (cleanup.CapiProviderCrds == true && definition.Metadata.Labels?.ContainsKey(ProviderLabel) == true);

    private async Task DeleteAsync(DynamicObject definition, GrainOwnership ownership, CancellationToken ct)
    {
        if (definition.Metadata.IsBeingDeleted)
            return;
        ownership.EnsureCurrent();
        await client.Dynamic(CoreKinds.Definitions).DeleteAsync(definition.Key, DeleteOptions.Background with { Uid = definition.Metadata.Uid }, ct);
    }
}
