using Fleet.Contracts.Services;
using Fleet.Control.Placement;
using Fleet.Kubernetes.Objects;

namespace Fleet.StateManager.MultiClusterServices;

/// <summary>MultiClusterServices that wait for others. Pure.</summary>
internal static class MultiClusterDependencies
{
    /// <summary>What is wrong with the dependencies of one; empty when they make sense.</summary>
    public static IReadOnlyList<string> Problems(MultiClusterRow self, IReadOnlyCollection<MultiClusterRow> all)
    {
        if (self.Dependencies.Any() is false)
            return [];
        var byKey = all.ToDictionary(row => row.Key);
        byKey[self.Key] = self;
        var graph = new DependencyGraph<ObjectKey>([self.Key, .. byKey.Keys.Where(key => key != self.Key)], key => byKey[key].Dependencies);
        return
        [
            .. self.Dependencies.Where(dependency => !byKey.ContainsKey(dependency)).Select(dependency => $"{self.Kind.Kind} {dependency.Name}, which it depends on, does not exist"),
            .. graph.Cycles.Where(cycle => cycle.Contains(self.Key)).Select(cycle => $"they wait for each other: {string.Join(" → ", cycle.Select(key => key.Name))}"),
        ];
    }

    /// <summary>Whether everything that one declares is deployed on a cluster as it is declared. One that the selector does not lead there keeps nobody waiting.</summary>
    public static bool IsDeployed(MultiClusterRow dependency, SelectableCluster cluster, ServiceSet? set)
    {
        if (cluster.IsManagement ? !dependency.IsForManagement : !ClusterSelector.Matches(dependency.Spec.ClusterSelector, cluster.Labels))
            return true;
        var declared = (dependency.Spec.ServiceSpec?.Services ?? []).Where(service => service.Disable != true).ToList();
        if (set is null)
            return declared.Count == 0;
        var isCurrent = !set.Metadata.IsBeingDeleted && set.Status is not null && set.Status.ObservedGeneration == set.Metadata.Generation;
        var placed = (set.Spec.Services ?? []).ToDictionary(ServiceKey.Of);
        var states = (set.Status?.Services ?? []).ToDictionary(ServiceKey.Of);
        return isCurrent && declared.TrueForAll(service =>
            placed.TryGetValue(ServiceKey.Of(service), out var present) && present.Template == service.Template
            && states.TryGetValue(ServiceKey.Of(service), out var state) && state.State == ServiceStates.Deployed);
    }
}
