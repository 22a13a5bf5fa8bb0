using Fleet.Contracts;
using Fleet.Kubernetes;
using Fleet.Kubernetes.Resources;

namespace Fleet.Backup.Snapshots;

/// <summary>What a snapshot is taken of.</summary>
public sealed record SnapshotOptions
{
    public required IKubernetesClient Management { get; init; }

    /// <summary>Connection string of Fleet's database; null: there is none, or it is backed up otherwise. Holds a password.</summary>
    public string? Postgres { get; init; }

    public IReadOnlyList<string> SystemNamespaces { get; init; } = [FleetApi.SystemNamespace, FleetApi.OlderSystemNamespace];

    /// <summary>Objects read at once.</summary>
    public int PageSize { get; init; } = 100;

    public string? ManagementBackup { get; init; }

    /// <summary>Regions are asked as well; one that is away is a warning in the manifest, not the end of the backup.</summary>
    public bool Regions { get; init; } = true;

    public KubernetesClientOptions RegionClients { get; init; } = new() { UserAgent = "fleet-backup" };
}

/// <summary>How far the snapshot of a cluster is; the database counts as a kind.</summary>
/// <param name="Kind">Kinds that are read.</param>
/// <param name="Kinds">That are to be read. What others refer to is read with the last of them.</param>
/// <param name="Objects">That were taken.</param>
public sealed record SnapshotProgress(string Part, int Kind, int Kinds, long Objects, string? Region = null);
