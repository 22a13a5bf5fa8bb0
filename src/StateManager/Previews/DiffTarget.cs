using System.Text.Json.Nodes;
using Fleet.Contracts.Services;
using Fleet.Control.Placement;
using Fleet.Kubernetes.Objects;
using Fleet.StateManager.MultiClusterServices;
using Fleet.StateManager.Services;

namespace Fleet.StateManager.Previews;

/// <summary>One cluster and one object that declares services for it, before and after.</summary>
internal sealed record DiffTarget
{
    public required ObjectKey Cluster { get; init; }

    public bool IsNew { get; init; }

    /// <summary>Kind and name of what declares the services.</summary>
    public required string Source { get; init; }

    public required string SetName { get; init; }

    /// <summary>As it is now; null when there is none.</summary>
    public ServiceSet? Set { get; init; }

    public IReadOnlyList<Service> Before { get; init; } = [];

    public IReadOnlyList<Service> After { get; init; } = [];

    /// <summary>What is no longer declared stays in the cluster.</summary>
    public bool Leaves { get; init; }

    /// <summary>With what templates may read, among other settings.</summary>
    public required ServiceProviderSpec Provider { get; init; }

    /// <summary>The settings until then; null when they stay.</summary>
    public ServiceProviderSpec? ProviderBefore { get; init; }

    /// <summary>Only administrators write what declares the services.</summary>
    public bool IsOfAdministrators { get; init; }

    /// <summary>The provider's patches are others than before.</summary>
    public bool ChangesPatches { get; init; }

    /// <summary>The provider's templateResourceRefs, which templates read, are others than before.</summary>
    public bool ReadsOtherwise { get; init; }

    public string? MultiClusterService { get; init; }

    public IReadOnlyList<string> Notes { get; init; } = [];
}

/// <summary>Which clusters and sources posted objects concern. Pure.</summary>
internal static class DiffTargets
{
    private const string PatchesName = "patches";
    private const string ReferencesName = "templateResourceRefs";

    public static IReadOnlyList<DiffTarget> Of(PreviewWorld world, PostedObjects posted)
    {
        var before = world.Clusters.ToDictionary(cluster => cluster.Key);
        var after = new Dictionary<ObjectKey, SelectableCluster>(before);
        foreach (var cluster in posted.Clusters)
            after[cluster.Metadata.Key] = SelectableCluster.Of(cluster);
        var targets = posted.Clusters.Select(cluster => Own(world, cluster, world.Present.GetValueOrDefault(cluster.Metadata.Key), !before.ContainsKey(cluster.Metadata.Key)))
            .Concat(world.Chained.Select(cluster => Own(world, cluster, cluster, isNew: false))).ToList();
        foreach (var key in world.Services.Concat(posted.Services).Select(Identity).Distinct())
        {
            var old = world.Services.FirstOrDefault(row => Identity(row) == key);
            var isPosted = posted.Services.LastOrDefault(row => Identity(row) == key) is not null;
            var now = posted.Services.LastOrDefault(row => Identity(row) == key) ?? old!;
            // What nobody has posted is only concerned where a cluster's labels change, or a chain of its services.
            var isConcerned = isPosted || (now.Spec.ServiceSpec?.Services ?? []).Exists(posted.IsChained);
            foreach (var cluster in after.Values.Where(cluster => isConcerned || posted.Clusters.Any(other => other.Metadata.Key == cluster.Key)))
                if (Multi(world, old, now, before.GetValueOrDefault(cluster.Key), cluster) is { } target)
                    targets.Add(target);
        }
        targets.AddRange(Users(world, posted, targets));
        return [.. targets.OrderBy(target => target.Cluster.ToString(), StringComparer.Ordinal).ThenBy(target => target.SetName, StringComparer.Ordinal)];
    }

    private static JsonNode? At(ServiceProviderSpec provider, string name) => (provider.Config as JsonObject)?[name];

    private static bool IsSame(string name, ServiceProviderSpec one, ServiceProviderSpec other) => JsonNode.DeepEquals(At(one, name), At(other, name));

    /// <summary>The settings of a set when its cluster states others: what ClusterManager has added stays, and the rest is its to work out.</summary>
    private static ServiceProviderSpec AsStated(ServiceProviderSpec present, ServiceProviderSpec old, ServiceProviderSpec stated)
    {
        var config = present.Config?.DeepClone() as JsonObject ?? [];
        config[PatchesName] = At(stated, PatchesName)?.DeepClone();
        var named = Identifiers(old).Concat(Identifiers(stated)).ToHashSet();
        var references = (At(stated, ReferencesName) as JsonArray ?? []).Concat((At(present, ReferencesName) as JsonArray ?? []).Where(reference => !named.Contains(Identifier(reference)))).ToList();
        config[ReferencesName] = references.Count == 0 ? null : new JsonArray([.. references.Select(reference => reference?.DeepClone())]);
        return present with { Config = config };
    }

    private static IEnumerable<string?> Identifiers(ServiceProviderSpec provider) => (At(provider, ReferencesName) as JsonArray ?? []).Select(Identifier);

    private static string? Identifier(JsonNode? reference) => (reference as JsonObject)?["identifier"]?.ToString();

    private static (string, ObjectKey) Identity(MultiClusterRow row) => (row.Kind.Kind, row.Key);

    private static DiffTarget Own(PreviewWorld world, ClusterDeployment cluster, ClusterDeployment? present, bool isNew)
    {
        var key = cluster.Metadata.Key;
        var stated = ServiceProviderSettings.Of(cluster.Spec.ServiceSpec);
        var set = world.SetsOf(key).FirstOrDefault(found => string.IsNullOrEmpty(found.Spec.MultiClusterService) && found.Metadata.Name == key.Name);
        var provider = set is null ? stated : AsStated(set.Spec.Provider, ServiceProviderSettings.Of(present?.Spec.ServiceSpec), stated);
        return new()
        {
            Cluster = key,
            IsNew = isNew,
            Source = $"ClusterDeployment {key}",
            SetName = key.Name,
            Set = set,
            Before = present?.Spec.ServiceSpec?.Services ?? [],
            After = cluster.Spec.ServiceSpec?.Services ?? [],
            Provider = provider,
            ProviderBefore = set?.Spec.Provider,
            ChangesPatches = set is not null && !IsSame(PatchesName, set.Spec.Provider, provider),
            ReadsOtherwise = set is not null && !IsSame(ReferencesName, set.Spec.Provider, provider),
            Notes = cluster.Spec.DryRun == true ? ["the cluster is declared as a dry run: nothing is installed"] : [],
        };
    }

    private static DiffTarget? Multi(PreviewWorld world, MultiClusterRow? old, MultiClusterRow now, SelectableCluster? before, SelectableCluster after)
    {
        if (after.IsGoing || (now.Key.Namespace.Length > 0 && now.Key.Namespace != after.Key.Namespace))
            return null;
        var was = old is not null && before is not null && ClusterSelector.Matches(old.Spec.ClusterSelector, before.Labels);
        var will = ClusterSelector.Matches(now.Spec.ClusterSelector, after.Labels);
        if (!was && !will)
            return null;
        var name = ServiceSetNames.Of(after.Key.Name, now.Key);
        var (former, provider) = (old is null ? null : ServiceProviderSettings.Of(old.Spec.ServiceSpec), ServiceProviderSettings.Of(now.Spec.ServiceSpec));
        var set = world.SetsOf(after.Key).FirstOrDefault(found => found.Metadata.Name == name);
        return new()
        {
            Cluster = after.Key,
            IsNew = before is null,
            Source = $"{now.Kind.Kind} {now.Key}",
            SetName = name,
            Set = set,
            Before = was ? old!.Spec.ServiceSpec?.Services ?? [] : [],
            After = will ? now.Spec.ServiceSpec?.Services ?? [] : [],
            Leaves = !will && (now.Spec.KeepServicesOnSelectorMismatch == true || MultiClusterPlanner.LeavesServices(now)),
            Provider = provider,
            ProviderBefore = former,
            ChangesPatches = was && will && !IsSame(PatchesName, former!, provider),
            ReadsOtherwise = was && will && !IsSame(ReferencesName, former!, provider),
            IsOfAdministrators = now.Key.Namespace.Length == 0,
            MultiClusterService = now.Key.Name,
            Notes = will && !was && now.Spec.DependsOn is { Count: > 0 } others ? [$"after the services of {string.Join(", ", others)}"] : [],
        };
    }

    /// <summary>Sets that name a posted template, or take values from a posted ConfigMap or Secret.</summary>
    private static IEnumerable<DiffTarget> Users(PreviewWorld world, PostedObjects posted, List<DiffTarget> known)
    {
        var names = posted.Templates.Select(template => template.Metadata.Name).ToHashSet();
        return names.Count == 0 && posted.Values.Count == 0 ? [] : world.Clusters
            .SelectMany(cluster => world.SetsOf(cluster.Key), (cluster, set) => (cluster, set))
            .Where(pair => (pair.set.Spec.Services ?? []).Exists(service => names.Contains(service.Template)) || TakesFrom(pair.set, posted))
            .Where(pair => !known.Exists(target => target.Cluster == pair.cluster.Key && target.SetName == pair.set.Metadata.Name))
            .Select(pair =>
            {
                List<Service> services = [.. (pair.set.Spec.Services ?? []).Select(Declared)];
                return new DiffTarget
                {
                    Cluster = pair.cluster.Key,
                    Source = pair.set.Spec.MultiClusterService is { Length: > 0 } multi ? $"MultiClusterService {multi}" : $"ServiceSet {pair.set.Metadata.Key}",
                    SetName = pair.set.Metadata.Name ?? "",
                    Set = pair.set,
                    Before = services,
                    After = services,
                    Provider = pair.set.Spec.Provider,
                    MultiClusterService = pair.set.Spec.MultiClusterService,
                };
            });
    }

    /// <summary>Values, or what its templates read, are of a posted ConfigMap or Secret.</summary>
    public static bool TakesFrom(ServiceSet set, PostedObjects posted) => posted.Values.Count > 0
        && SetReferences.Sources(set).Any(source => posted.Values.Any(item => SetReferences.Source(item.Kind ?? "", item.Key) == source));

    private static Service Declared(PlacedService placed) => new()
    {
        Name = placed.Name, Namespace = placed.Namespace, Template = placed.Template, Version = placed.Version, HelmAction = placed.HelmAction,
        HelmOptions = placed.HelmOptions, Values = placed.Values, ValuesFrom = placed.ValuesFrom,
    };
}
