using System.Text.Json.Nodes;
using Fleet.Contracts.Services;
using Fleet.Control.Placement;
using Fleet.Kubernetes.Objects;
using Fleet.StateManager.MultiClusterServices;

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

    public required ServiceProviderSpec Provider { get; init; }

    /// <summary>The provider's patches are others than before.</summary>
    public bool ChangesPatches { get; init; }

    public string? MultiClusterService { get; init; }

    public IReadOnlyList<string> Notes { get; init; } = [];
}

/// <summary>Which clusters and sources posted objects concern. Pure.</summary>
internal static class DiffTargets
{
    public static IReadOnlyList<DiffTarget> Of(PreviewWorld world, PostedObjects posted)
    {
        var before = world.Clusters.ToDictionary(cluster => cluster.Key);
        var after = new Dictionary<ObjectKey, SelectableCluster>(before);
        foreach (var cluster in posted.Clusters)
            after[cluster.Metadata.Key] = SelectableCluster.Of(cluster);
        var targets = posted.Clusters.Select(cluster => Own(world, cluster, !before.ContainsKey(cluster.Metadata.Key))).ToList();
        foreach (var key in world.Services.Concat(posted.Services).Select(Identity).Distinct())
        {
            var old = world.Services.FirstOrDefault(row => Identity(row) == key);
            var isPosted = posted.Services.LastOrDefault(row => Identity(row) == key) is not null;
            var now = posted.Services.LastOrDefault(row => Identity(row) == key) ?? old!;
            // What nobody has posted is only concerned where a cluster's labels change.
            foreach (var cluster in after.Values.Where(cluster => isPosted || posted.Clusters.Any(other => other.Metadata.Key == cluster.Key)))
                if (Multi(world, old, now, before.GetValueOrDefault(cluster.Key), cluster) is { } target)
                    targets.Add(target);
        }
        targets.AddRange(Users(world, posted, targets));
        return [.. targets.OrderBy(target => target.Cluster.ToString(), StringComparer.Ordinal).ThenBy(target => target.SetName, StringComparer.Ordinal)];
    }

    private static JsonNode? Patches(ServiceProviderSpec provider) => (provider.Config as JsonObject)?["patches"];

    private static bool HaveSamePatches(ServiceProviderSpec one, ServiceProviderSpec other) => JsonNode.DeepEquals(Patches(one), Patches(other));

    /// <summary>The rest of what a set has is ClusterManager's to work out.</summary>
    private static ServiceProviderSpec WithPatches(ServiceProviderSpec present, ServiceProviderSpec stated)
    {
        if (HaveSamePatches(present, stated))
            return present;
        var config = present.Config?.DeepClone() as JsonObject ?? [];
        config["patches"] = Patches(stated)?.DeepClone();
        return present with { Config = config };
    }

    private static (string, ObjectKey) Identity(MultiClusterRow row) => (row.Kind.Kind, row.Key);

    private static DiffTarget Own(PreviewWorld world, ClusterDeployment cluster, bool isNew)
    {
        var key = cluster.Metadata.Key;
        var stated = ServiceProviderSettings.Of(cluster.Spec.ServiceSpec);
        var set = world.SetsOf(key).FirstOrDefault(found => string.IsNullOrEmpty(found.Spec.MultiClusterService) && found.Metadata.Name == key.Name);
        return new()
        {
            Cluster = key,
            IsNew = isNew,
            Source = $"ClusterDeployment {key}",
            SetName = key.Name,
            Set = set,
            Before = world.Present.GetValueOrDefault(key)?.Spec.ServiceSpec?.Services ?? [],
            After = cluster.Spec.ServiceSpec?.Services ?? [],
            Provider = set is null ? stated : WithPatches(set.Spec.Provider, stated),
            ChangesPatches = set is not null && !HaveSamePatches(set.Spec.Provider, stated),
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
            Provider = ServiceProviderSettings.Of(now.Spec.ServiceSpec),
            ChangesPatches = was && will && !HaveSamePatches(ServiceProviderSettings.Of(old!.Spec.ServiceSpec), ServiceProviderSettings.Of(now.Spec.ServiceSpec)),
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
            .Where(pair => (pair.set.Spec.Services ?? []).Exists(service => names.Contains(service.Template) || TakesFrom(service, posted, pair.cluster.Key.Namespace)))
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

    public static bool TakesFrom(PlacedService service, PostedObjects posted, string @namespace) =>
        service.ValuesFrom?.Exists(source => posted.Sources.Source(source.Kind, new(@namespace, source.Name)) is not null) == true;

    private static Service Declared(PlacedService placed) => new()
    {
        Name = placed.Name, Namespace = placed.Namespace, Template = placed.Template, Version = placed.Version, HelmAction = placed.HelmAction,
        HelmOptions = placed.HelmOptions, Values = placed.Values, ValuesFrom = placed.ValuesFrom,
    };
}
