using Fleet.ClusterManager.Capi;
using Fleet.Contracts;
using Fleet.Contracts.Clusters;
using Fleet.Contracts.Services;
using Fleet.Kubernetes.Objects;

namespace Fleet.ClusterManager.Deletion;

/// <summary>Names what holds a deletion up, in the words of whoever holds it. Pure.</summary>
internal static class DeletionBlockers
{
    /// <summary>As many as the description of the field says.</summary>
    internal const int Most = 10;

    /// <summary>A message with more names helps nobody.</summary>
    private const int MostNamed = 3;

    public static bool IsOrphan(ServiceSet set) =>
        string.Equals(set.Metadata.Annotations?.GetValueOrDefault(FleetAnnotations.DeletionPolicy), nameof(DeletionPolicy.Orphan), StringComparison.OrdinalIgnoreCase);

    public static IReadOnlyList<DeletionBlocker> Of(IReadOnlyList<ServiceSet> sets) =>
        [.. sets.Take(Most).Select(set => Blocker("ServiceSet", set.Metadata.Key, LeftOf(set)))];

    public static IReadOnlyList<DeletionBlocker> Of(WorkloadLeftovers left, ObjectKey cluster) => left.Problem is { } problem
        ? [Blocker("Cluster", cluster, $"its leftovers cannot be seen: {problem}")]
        : [.. left.Items.Take(Most).Select(item => Blocker(item.Kind.Kind, item.Key, item.Why))];

    public static IReadOnlyList<DeletionBlocker> Of(CapiCluster cluster)
    {
        List<DeletionBlocker> all =
        [
            .. cluster.Blockers.Select(part => Blocker(part.Kind, part.Key, CapiFaults.Cut(part.Message, CapiFaults.LongestFault))),
            .. cluster.Machines.Order(StringComparer.Ordinal).Select(name => Blocker("Machine", cluster.Key with { Name = name }, null)),
        ];
        return [.. (all.Count > 0 ? all : [Blocker("Cluster", cluster.Key, Progress(cluster))]).Take(Most)];
    }

    public static string Text(IReadOnlyList<DeletionBlocker> blockers)
    {
        var named = string.Join("; ", blockers.Take(MostNamed).Select(One));
        return blockers.Count > MostNamed ? $"{named}; and {blockers.Count - MostNamed} more" : named;
    }

    public static string Text(CapiCluster cluster)
    {
        var parts = new List<string>();
        if (cluster.Machines.Count > 0)
        {
            var named = string.Join(", ", cluster.Machines.Order(StringComparer.Ordinal).Take(MostNamed));
            parts.Add($"{cluster.Machines.Count} {(cluster.Machines.Count == 1 ? "Machine" : "Machines")} left ({named}{(cluster.Machines.Count > MostNamed ? ", …" : "")})");
        }
        if (CapiFaults.Text(cluster.Blockers) is { } faults)
            parts.Add(faults);
        if (parts.Count == 0)
            parts.Add(Progress(cluster));
        return $"Cluster {cluster.Key}: {string.Join("; ", parts)}";
    }

    private static string Progress(CapiCluster cluster) =>
        cluster.IsPaused ? "it is paused, so nobody deletes it"
        : cluster.Conditions.FirstOrDefault(condition => condition.Type == "Deleting" && condition.Message.Length > 0)?.Message.ReplaceLineEndings("; ")
            ?? "its provider is deleting it";

    private static string LeftOf(ServiceSet set)
    {
        var left = (set.Status?.Services ?? []).Where(service => service.State != ServiceStates.Deleted).Take(MostNamed).Select(Text).ToList();
        return left.Count > 0 ? string.Join(", ", left) : "is being deleted";
    }

    private static string Text(ServiceState service) =>
        string.IsNullOrEmpty(service.FailureMessage)
            ? $"service {service.Namespace}/{service.Name} is {service.State}"
            : $"service {service.Namespace}/{service.Name} is {service.State}: {service.FailureMessage}";

    private static string One(DeletionBlocker blocker)
    {
        var name = $"{blocker.Kind} {(string.IsNullOrEmpty(blocker.Namespace) ? "" : blocker.Namespace + "/")}{blocker.Name}";
        return string.IsNullOrEmpty(blocker.Reason) ? name : blocker.Reason == "is being deleted" ? $"{name} is being deleted" : $"{name}: {blocker.Reason}";
    }

    private static DeletionBlocker Blocker(string kind, ObjectKey key, string? reason) =>
        new() { Kind = kind, Namespace = key.Namespace.Length > 0 ? key.Namespace : null, Name = key.Name, Reason = reason };
}
