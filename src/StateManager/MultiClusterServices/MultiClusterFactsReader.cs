using Fleet.Control.Clusters;
using Fleet.Control.Kinds;
using Fleet.Control.Placement;
using Fleet.StateManager.ServiceSets;

namespace Fleet.StateManager.MultiClusterServices;

/// <summary>Reads what concerns one MultiClusterService, all of it from watches.</summary>
internal sealed class MultiClusterFactsReader(PlacementWatches watches, ServiceSetIndex sets, SystemNamespaces namespaces)
{
    /// <param name="all">Those of its kind that it can depend on.</param>
    public async Task<MultiClusterFacts> ReadAsync(MultiClusterRow self, IReadOnlyCollection<MultiClusterRow> all, CancellationToken ct)
    {
        // Clusters or sets that are not known yet are not absent.
        await Task.WhenAll(watches.Clusters.WaitForSyncAsync(ct), watches.Templates.WaitForSyncAsync(ct), watches.Chains.WaitForSyncAsync(ct), sets.Informer.WaitForSyncAsync(ct));
        var reach = watches.Clusters.Items.Where(cluster => self.Key.Namespace.Length == 0 || cluster.Key.Namespace == self.Key.Namespace).ToDictionary(cluster => cluster.Key);
        var targets = self.Metadata.IsBeingDeleted
            ? []
            : reach.Values.Where(cluster => !cluster.IsGoing && ClusterSelector.Matches(self.Spec.ClusterSelector, cluster.Labels)).OrderBy(cluster => cluster.Key.ToString(), StringComparer.Ordinal).ToList();
        if (self.IsForManagement && !self.Metadata.IsBeingDeleted)
            targets.Add(SelectableCluster.Management(namespaces.Names[0]));
        var found = targets.Select(cluster => cluster.Key).ToHashSet();
        var strays = sets.OwnedBy(self.Metadata.Uid ?? "").Where(set => !found.Contains(ServiceSetIndex.ClusterOf(set)));
        return new()
        {
            Self = self,
            Targets = [.. targets.Select(cluster => Target(self, cluster, all))],
            Strays = [.. strays.Select(set => new StrayFacts(set, reach.ContainsKey(ServiceSetIndex.ClusterOf(set)) || ManagementCluster.Is(ServiceSetIndex.ClusterOf(set)), reach.GetValueOrDefault(ServiceSetIndex.ClusterOf(set))?.IsGoing == true))],
            DependencyProblems = self.Metadata.IsBeingDeleted ? [] : MultiClusterDependencies.Problems(self, all),
        };
    }

    private TargetFacts Target(MultiClusterRow self, SelectableCluster cluster, IReadOnlyCollection<MultiClusterRow> all)
    {
        var @namespace = cluster.Key.Namespace;
        var set = Set(self, cluster);
        var isForeign = set is not null && (ServiceSetIndex.ClusterOf(set) != cluster.Key || set.Metadata.OwnerReferences?.Exists(owner => owner.Uid == self.Metadata.Uid) != true);
        var services = self.Spec.ServiceSpec?.Services ?? [];
        var templates = services.Select(service => service.Template).Concat((set?.Spec.Services ?? []).Select(service => service.Template)).Distinct();
        var chains = services.Select(service => service.TemplateChain).OfType<string>().Distinct();
        var waits = all.Where(other => self.Dependencies.Contains(other.Key) && !MultiClusterDependencies.IsDeployed(other, cluster, Set(other, cluster))).Select(other => other.Key.Name);
        return new()
        {
            Cluster = cluster,
            Set = isForeign ? null : set,
            BlockedBy = isForeign ? [$"ServiceSet {set!.Metadata.Key}, which was made for another object or cluster"] : [.. waits.Order(StringComparer.Ordinal)],
            Templates = Existing(templates, name => watches.FindTemplate(@namespace, name)),
            Chains = Existing(chains, name => watches.FindChain(@namespace, name)),
        };
    }

    private ServiceSet? Set(MultiClusterRow service, SelectableCluster cluster) =>
        sets.Informer.TryGet(new(cluster.Key.Namespace, ServiceSetNames.Of(cluster.Prefix, service.Key)), out var set) ? set : null;

    private static Dictionary<string, T> Existing<T>(IEnumerable<string> names, Func<string, T?> find) where T : class =>
        names.Select(name => (Name: name, Item: find(name))).Where(pair => pair.Item is not null).ToDictionary(pair => pair.Name, pair => pair.Item!, StringComparer.Ordinal);
}
