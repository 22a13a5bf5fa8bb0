using Fleet.ClusterManager.Capi;
using Fleet.Contracts.Services;
using static Fleet.Contracts.Clusters.ClusterDeploymentConditions;

namespace Fleet.ClusterManager.Deletion;

/// <summary>
/// The next step of a deletion, worked out anew from what is left: services leave the live cluster first, then the Helm release goes and
/// with it the CAPI objects, then the provider takes its time, and only then the object itself may go. Pure.
/// </summary>
internal static class DeletionPlanner
{
    /// <summary>A message with more names helps nobody.</summary>
    private const int MostNamed = 3;

    public static DeletionStep Next(DeletionFacts facts)
    {
        var key = facts.Object.Metadata.Key;
        if (facts.ServiceSets.Count > 0)
        {
            var action = facts.ServiceSets.All(set => set.Metadata.IsBeingDeleted) ? DeletionAction.WaitForServiceSets : DeletionAction.DeleteServiceSets;
            return new(action, WaitingForServiceSetsDeletion, string.Join("; ", facts.ServiceSets.Take(MostNamed).Select(Left)));
        }
        if (facts.Release is { IsUninstalled: false })
            return new(DeletionAction.UninstallRelease, WaitingForHelmReleaseDeletion, $"Helm release {key} is being uninstalled");
        return facts.Capi is { } cluster
            ? OfCluster(cluster)
            : new(DeletionAction.RemoveFinalizer, DeletionCompleted, "everything of the cluster is gone");
    }

    private static DeletionStep OfCluster(CapiCluster cluster)
    {
        var message = Blocker(cluster);
        if (!cluster.BeingDeleted)
            return new(DeletionAction.DeleteCapiCluster, WaitingForClusterDeletion, message);
        var action = cluster is { Machines.Count: 0, HeldInfrastructure: not null } ? DeletionAction.ReleaseInfrastructure : DeletionAction.WaitForCapiCluster;
        return new(action, WaitingForClusterDeletion, message);
    }

    private static string Blocker(CapiCluster cluster)
    {
        var parts = new List<string>();
        if (cluster.Machines.Count > 0)
        {
            var named = string.Join(", ", cluster.Machines.Order(StringComparer.Ordinal).Take(MostNamed));
            parts.Add($"{cluster.Machines.Count} {(cluster.Machines.Count == 1 ? "Machine" : "Machines")} left ({named}{(cluster.Machines.Count > MostNamed ? ", …" : "")})");
        }
        parts.AddRange(cluster.Blockers.Select(part => $"{part.Kind} {part.Name}: {part.Message}"));
        var deleting = cluster.Conditions.FirstOrDefault(condition => condition.Type == "Deleting" && condition.Message.Length > 0)?.Message;
        if (parts.Count == 0)
            parts.Add(deleting ?? "its provider is deleting it");
        return $"Cluster {cluster.Key}: {string.Join("; ", parts)}";
    }

    private static string Left(ServiceSet set)
    {
        var left = (set.Status?.Services ?? []).Where(service => service.State != ServiceStates.Deleted).Take(MostNamed).Select(Text).ToList();
        return left.Count > 0
            ? $"ServiceSet {set.Metadata.Key}: {string.Join(", ", left)}"
            : $"ServiceSet {set.Metadata.Key} is being deleted";
    }

    private static string Text(ServiceState service) =>
        string.IsNullOrEmpty(service.FailureMessage)
            ? $"service {service.Namespace}/{service.Name} is {service.State}"
            : $"service {service.Namespace}/{service.Name} is {service.State}: {service.FailureMessage}";
}
