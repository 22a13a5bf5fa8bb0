using Fleet.Contracts;

namespace Fleet.ClusterManager.Upgrades;

/// <summary>
/// What a cluster is made after: its spec, or while it is rolled back its last good template and config. The user's spec is never changed:
/// the object is only seen otherwise. Pure.
/// </summary>
internal static class EffectiveSpec
{
    public static ClusterDeployment Of(ClusterDeployment cluster) => IsRolledBack(cluster)
        ? new()
        {
            ApiVersion = cluster.ApiVersion,
            Kind = cluster.Kind,
            Metadata = cluster.Metadata,
            Status = cluster.Status,
            Spec = cluster.Spec with { Template = cluster.Status!.Upgrade!.LastGood!.Template!, Config = cluster.Status.Upgrade.LastGood.Config?.DeepClone() },
        }
        : cluster;

    /// <summary>Until the spec changes, or nobody asks for rollbacks any more.</summary>
    public static bool IsRolledBack(ClusterDeployment cluster) =>
        cluster.Status?.Upgrade is { Rollback: { } rollback, LastGood.Template: not null }
        && rollback.Generation == cluster.Metadata.Generation
        && AsksForRollback(cluster);

    public static bool AsksForRollback(ClusterDeployment cluster) =>
        string.Equals(cluster.Metadata.Annotations?.GetValueOrDefault(FleetAnnotations.UpgradeRollback), "true", StringComparison.OrdinalIgnoreCase);

    public static string? InstalledTemplate(ClusterDeployment cluster) =>
        cluster.Status?.Upgrade?.Template
        ?? (cluster.Status?.EffectiveTemplate is { } key ? key[(key.IndexOf('/', StringComparison.Ordinal) + 1)..] : null);
}
