using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Fleet.ClusterManager.Admission.Schemas;
using Fleet.ClusterManager.Watching;
using Fleet.Control.Kinds;
using Fleet.Control.Templates;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Resources;

namespace Fleet.ClusterManager.Admission.Uses;

/// <summary>Reads what the rules about uses need.</summary>
internal interface IFleetFactsReader
{
    /// <summary>Reading the facts throws <c>InformerNotSyncedException</c> until everything has been read once.</summary>
    Task<FleetFacts> ReadAsync(ManifestChange change, CancellationToken ct);

    /// <summary>Whether the object is there now (and not going, where that counts as gone), asked of the API itself.</summary>
    Task<bool> ExistsAsync(User user, CancellationToken ct);
}

/// <summary>From watches; only schemas of charts are read when they are needed, and kept.</summary>
internal sealed class FleetFactsReader(IKubernetesClient client, ClusterWatches shared, AdmissionWatches own, SystemNamespaces system) : IFleetFactsReader
{
    /// <summary>Template and version of its chart: another version has another schema.</summary>
    private readonly ConcurrentDictionary<(string? Uid, long? Generation, string? Version), TemplateValues?> values = new();

    public async Task<FleetFacts> ReadAsync(ManifestChange change, CancellationToken ct) => new()
    {
        System = system,
        Clusters = Lazily(() => shared.Clusters.Items.Select(row => new ClusterUse(row.Key, row.Template, row.Credential, row.References) { IsBeingDeleted = row.IsBeingDeleted })),
        ClusterTemplates = Lazily(() => shared.Templates.Items.Select(row => new KnownTemplate(row.Key, row.Providers.Split(',', StringSplitOptions.RemoveEmptyEntries)))),
        Credentials = Lazily(() => shared.Credentials.Items.Select(row => new KnownCredential(row.Key, row.Region))),
        ServiceTemplates = Lazily(() => own.ServiceTemplates.Items),
        ProviderTemplates = Lazily(() => own.ProviderTemplates.Items),
        ClusterTemplateChains = Lazily(() => own.ClusterTemplateChains.Items),
        ServiceTemplateChains = Lazily(() => own.ServiceTemplateChains.Items),
        MultiClusterServices = Lazily(() => own.MultiClusterServices.Items.Concat(own.NamespacedMultiClusterServices.Items)),
        Regions = Lazily(() => own.Regions.Items),
        Managements = Lazily(() => own.Managements.Items),
        Releases = Lazily(() => own.Releases.Items),
        ClusterDataSources = Lazily(() => own.ClusterDataSources.Items),
        ClusterScopedKinds = change is { Kind: "AccessManagement", Wanted: not null } ? await ClusterScopedAsync(change, ct) : new HashSet<string>(),
        Values = change is { Kind: "ClusterDeployment", ChangesSpec: true } ? await ValuesAsync(change, ct) : null,
    };

    public async Task<bool> ExistsAsync(User user, CancellationToken ct) => await client.Dynamic(user.Kind).GetAsync(user.Key, ct) is { } found && !(user.MayBeGoing && found.Metadata.IsBeingDeleted);

    private async Task<IReadOnlySet<string>> ClusterScopedAsync(ManifestChange change, CancellationToken ct)
    {
        var found = new HashSet<string>(StringComparer.Ordinal);
        foreach (var name in AccessScopeRule.KindsOf(change.Wanted).Select(kind => kind.Name).Distinct())
        {
            var dot = name.IndexOf('.', StringComparison.Ordinal);
            var (kind, group) = dot < 0 ? (name, "") : (name[..dot], name[(dot + 1)..]);
            // Kinds of Fleet's own group may be named without it; all that can be distributed are namespaced. Kubernetes' own kinds are in v1.
            var known = shared.Definitions.Items.FirstOrDefault(row => row.Kind == kind && row.Group == group)?.Served
                ?? await client.FindKindAsync(new(group, "v1", kind), ct);
            if (known is { Namespaced: false })
                found.Add(name);
        }
        return found;
    }

    private async Task<TemplateValues?> ValuesAsync(ManifestChange change, CancellationToken ct)
    {
        var name = (string?)change.Wanted?["spec"]?["template"] ?? "";
        var row = system.SearchFrom(change.Key.Namespace).Select(place => shared.Templates.TryGet(new(place, name), out var found) ? found : null).FirstOrDefault(found => found is not null);
        if (row is not { Valid: true })
            return null;
        var version = (row.Uid, row.Generation, row.ChartVersion);
        if (values.TryGetValue(version, out var kept))
            return kept;
        var read = await ReadValuesAsync(row.Key, ct);
        foreach (var older in values.Keys.Where(key => key.Uid == row.Uid))
            values.TryRemove(older, out _);
        return values[version] = read;
    }

    private async Task<TemplateValues?> ReadValuesAsync(ObjectKey key, CancellationToken ct)
    {
        if (await client.Resource(FleetKinds.ClusterTemplates).GetAsync(key, ct) is not { Status: { SchemaConfigMapName: { } name } status })
            return null;
        var map = await client.Dynamic(CoreKinds.ConfigMaps).GetAsync(new(key.Namespace, name), ct);
        return (string?)map?.At("data", TemplateSchemas.ConfigMapKey) is { } text && ValuesSchema.Parse(text) is { } schema
            ? new(key, status.Config as JsonObject ?? [], schema)
            : null;
    }

    private static IEnumerable<T> Lazily<T>(Func<IEnumerable<T>> read)
    {
        foreach (var item in read())
            yield return item;
    }
}
