using Fleet.Contracts.Access;
using Fleet.Control.Kinds;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Resources;

namespace Fleet.ClusterManager.Access;

/// <summary>Reads rules, namespaces, sources and copies. A list that fails throws: nothing is taken away because something could not be read.</summary>
internal sealed class AccessFactsReader(IKubernetesClient client, SystemNamespaces system)
{
    private static readonly ResourceKind Namespaces = new("", "v1", "Namespace", "namespaces", Namespaced: false);

    public async Task<AccessFacts?> ReadAsync(ObjectKey key, CancellationToken ct)
    {
        if (await client.Resource(FleetKinds.AccessManagements).GetAsync(key, ct) is not { Metadata.IsBeingDeleted: false } access)
            return null;
        var all = await client.Dynamic(Namespaces).ListAsync(ListOptions.All, ct);
        var wanted = new List<Distribution>();
        var problems = new List<KindProblem>();
        foreach (var rule in access.Spec.AccessRules ?? [])
        {
            var targets = await TargetsAsync(rule.TargetNamespaces, all.Items, ct);
            foreach (var resource in AccessRules.ResourcesOf(rule))
            {
                var (kind, problem) = await KindAsync(resource, ct);
                if (kind is not null)
                    wanted.Add(new(kind, await SourcesAsync(kind, resource, ct), targets));
                else
                    problems.Add(new(resource.ApiGroup ?? "", resource.Kind, problem!));
            }
        }
        return new()
        {
            Object = access, Namespaces = all.Items.Count, Wanted = wanted, Problems = problems, Existing = await ExistingAsync(access, wanted, ct),
        };
    }

    private async Task<IReadOnlyList<string>> TargetsAsync(TargetNamespaces? targets, IReadOnlyList<DynamicObject> all, CancellationToken ct)
    {
        var selector = AccessRules.Selector(targets?.Selector, targets?.StringSelector);
        // The server knows best what its selectors mean.
        var found = selector is null ? all : (await client.Dynamic(Namespaces).ListAsync(new() { LabelSelector = selector }, ct)).Items;
        return
        [
            .. found.Where(item => !item.Metadata.IsBeingDeleted).Select(item => item.Key.Name)
                .Where(name => !system.Names.Contains(name) && (targets?.List is not { Count: > 0 } list || list.Contains(name))),
        ];
    }

    private async Task<(ResourceKind? Kind, string? Problem)> KindAsync(ResourceRule resource, CancellationToken ct)
    {
        var known = await ResolveAsync(resource, ct);
        return known switch
        {
            null => (null, $"failed to resolve {resource.Kind} in API group \"{resource.ApiGroup}\" (ensure the CRD is installed)"),
            { Namespaced: false } => (null, $"{resource.Kind} is cluster-scoped and cannot be distributed to namespaces"),
            _ => (known, null),
        };
    }

    // A rule names a group without a version: whatever version the server prefers.
    private async Task<ResourceKind?> ResolveAsync(ResourceRule resource, CancellationToken ct)
    {
        if (resource.ApiGroup is not { Length: > 0 } group)
            return await client.FindKindAsync(new("", "v1", resource.Kind), ct);
        var definitions = await client.Dynamic(CoreKinds.Definitions).ListAsync(ListOptions.All, Watching.DefinitionRow.Of, ct);
        var served = definitions.Items.FirstOrDefault(row => row.Group == group && row.Kind == resource.Kind)?.Served;
        if (served is not null)
            return served;
        // Built into the server, for instance apps or networking.k8s.io.
        return await client.FindKindAsync(new(group, "v1", resource.Kind), ct);
    }

    private async Task<IReadOnlyList<DynamicObject>> SourcesAsync(ResourceKind kind, ResourceRule resource, CancellationToken ct)
    {
        var selector = AccessRules.Selector(resource.Selector, resource.StringSelector);
        var found = new Dictionary<string, DynamicObject>(StringComparer.Ordinal);
        foreach (var place in system.Names)
            foreach (var item in (await client.Dynamic(kind).ListAsync(new() { Namespace = place, LabelSelector = selector }, ct)).Items)
                if (!item.Metadata.IsBeingDeleted && (resource.Names is not { Count: > 0 } names || names.Contains(item.Key.Name)))
                    found.TryAdd(item.Key.Name, item);
        return [.. found.Values];
    }

    private async Task<IReadOnlyList<PlacedObject>> ExistingAsync(
        CustomResource<AccessManagementSpec, AccessManagementStatus> access, List<Distribution> wanted, CancellationToken ct)
    {
        var kinds = wanted.Select(distribution => distribution.Kind).ToHashSet();
        // Kinds that earlier rules named may still have copies.
        foreach (var resource in (access.Status?.Current ?? []).SelectMany(AccessRules.ResourcesOf))
            if (await ResolveAsync(resource, ct) is { Namespaced: true } kind)
                kinds.Add(kind);
        var existing = new List<PlacedObject>();
        foreach (var kind in kinds)
        {
            var names = wanted.Where(distribution => distribution.Kind == kind).SelectMany(distribution => distribution.Sources).Select(source => source.Key.Name).ToHashSet();
            var items = await client.Dynamic(kind).ListAsync(ListOptions.All, ct);
            existing.AddRange(items.Items
                .Where(item => !system.Names.Contains(item.Key.Namespace))
                .Select(item => new PlacedObject(kind, item, DistributedCopies.IsCopy(item.Metadata, system)))
                .Where(placed => placed.IsCopy || names.Contains(placed.Object.Key.Name)));
        }
        return existing;
    }
}
