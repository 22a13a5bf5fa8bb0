using System.Text.Json.Nodes;
using Fleet.Contracts.StateProviders;
using Fleet.Control.Kinds;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Resources;

namespace Fleet.StateManager.StateProviders;

/// <summary>Does all the reading for a StateManagementProvider, and has what it names watched.</summary>
internal sealed class StateProviderFactsReader(IKubernetesClient management, StateProviderWatches watches)
{
    /// <summary>Null when there is no such provider, or it is on its way out.</summary>
    public async Task<StateProviderFacts?> ReadAsync(ObjectKey key, CancellationToken ct)
    {
        var provider = await management.Resource(FleetKinds.StateManagementProviders).GetAsync(key, ct);
        if (provider is null || provider.Metadata.IsBeingDeleted)
        {
            watches.Follow(key, []);
            await watches.FollowAsync(key, []);
            return null;
        }
        var named = provider.Spec.Provisioner.Prepend(provider.Spec.Adapter).ToList();
        var types = named.Select(resource => GroupVersionKind.Parse(resource.ApiVersion, resource.Kind)).ToList();
        // Before anything is read, so that no change in between is missed.
        watches.Follow(key, types.Select(type => type.Group).Concat(provider.Spec.ProvisionerCrds.Select(crds => crds.Group)));
        var kinds = new List<ResourceKind?>();
        foreach (var type in types)
            kinds.Add(await management.FindKindAsync(type, ct));
        await watches.FollowAsync(key, named.Zip(kinds).Where(pair => pair.Second is not null).Select(pair => (pair.Second!, KeyOf(pair.First, pair.Second!))));
        var seen = new List<SeenResource>();
        foreach (var (resource, kind) in named.Zip(kinds))
            seen.Add(await ReadAsync(resource, kind, ct));
        return new StateProviderFacts { Object = provider, Adapter = seen[0], Provisioners = seen[1..], MissingKinds = await MissingAsync(provider.Spec.ProvisionerCrds, ct) };
    }

    private static ObjectKey KeyOf(ReadableResource resource, ResourceKind kind) => new(kind.Namespaced ? resource.Namespace : "", resource.Name);

    private async Task<SeenResource> ReadAsync(ReadableResource resource, ResourceKind? kind, CancellationToken ct)
    {
        if (kind is null)
            return new SeenResource(resource) { Problem = $"the management cluster has no kind {resource.ApiVersion} {resource.Kind}" };
        try
        {
            return await management.Dynamic(kind).GetAsync(KeyOf(resource, kind), ct) is { } found
                ? new SeenResource(resource) { Object = found }
                : new SeenResource(resource) { Problem = "it does not exist" };
        }
        catch (KubeApiException e) when (e.Code is 401 or 403)
        {
            return new SeenResource(resource) { Problem = e.Message, IsForbidden = true };
        }
    }

    private async Task<List<string>> MissingAsync(IReadOnlyList<ProvisionerKinds> wanted, CancellationToken ct)
    {
        var missing = new List<string>();
        foreach (var kinds in wanted)
            foreach (var plural in kinds.Resources)
                if (await ProblemAsync(kinds.Group, kinds.Version, plural, ct) is { } problem)
                    missing.Add($"{plural}.{kinds.Group}/{kinds.Version} {problem}");
        return missing;
    }

    /// <summary>By its definition, which discovery follows with a delay; what has none may be built in or aggregated.</summary>
    private async Task<string?> ProblemAsync(string group, string version, string plural, CancellationToken ct)
    {
        if (await management.Dynamic(CoreKinds.Definitions).GetAsync(ObjectKey.Cluster($"{plural}.{group}"), ct) is not { } definition)
            return (await management.Discovery.AllAsync(ct)).Any(r => r.Kind.Group == group && r.Kind.Version == version && r.Kind.Plural == plural) ? null : "does not exist";
        if (!Items(definition, "status", "conditions").Any(c => (string?)c["type"] == "Established" && (string?)c["status"] == "True"))
            return "is not established";
        return Items(definition, "spec", "versions").Any(v => (string?)v["name"] == version && (bool?)v["served"] == true) ? null : "is not served in this version";
    }

    private static IEnumerable<JsonObject> Items(DynamicObject item, params ReadOnlySpan<string> path) => (item.At(path) as JsonArray ?? []).OfType<JsonObject>();
}
