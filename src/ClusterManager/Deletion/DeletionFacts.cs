using Fleet.ClusterManager.Capi;
using Fleet.ClusterManager.Clusters;
using Fleet.ClusterManager.Phases;
using Fleet.ClusterManager.Regions;
using Fleet.ClusterManager.Releases;

namespace Fleet.ClusterManager.Deletion;

/// <summary>What is left of a cluster that is being deleted.</summary>
internal sealed record DeletionFacts
{
    public required ClusterDeployment Object { get; init; }

    public DeletionPolicy Policy { get; init; }

    /// <summary>Null when the deletion may go on.</summary>
    public DeletionHold? Hold { get; init; }

    /// <summary>Where the CAPI objects are; null for the management cluster.</summary>
    public RegionView? Region { get; init; }

    /// <summary>Release, CAPI Cluster and copies are not known now: what is null of them is not gone. A cluster that never got into its region has nothing there.</summary>
    public bool IsAway => Region is { IsUsable: false } && Object.Status?.Region is { Length: > 0 };

    /// <summary>Objects that were brought into the region for this cluster.</summary>
    public IReadOnlyList<RegionalCopy> Copies { get; init; } = [];

    public IReadOnlyList<ServiceSet> ServiceSets { get; init; } = [];

    /// <summary>Null also when it belongs to another object of this name.</summary>
    public ReleaseRecord? Release { get; init; }

    /// <summary>Null also when it belongs to another object of this name.</summary>
    public CapiCluster? Capi { get; init; }

    public KubeconfigFacts? Kubeconfig { get; init; }

    /// <summary>Null when nobody has asked the cluster: nothing is to be cleaned up there, or not yet.</summary>
    public WorkloadLeftovers? Leftovers { get; init; }

    public DataSourceLeft? DataSource { get; init; }

    /// <summary>Phases that are over without having done their work.</summary>
    public IReadOnlySet<DeletionPhase> Skipped { get; init; } = new HashSet<DeletionPhase>();

    /// <summary>The phase that was waited for last, and for how long.</summary>
    public PhaseWait Waited { get; init; }
}

/// <summary>The ClusterDataSource of a cluster.</summary>
/// <param name="Schema">Name of the database.</param>
internal sealed record DataSourceLeft(bool BeingDeleted, string? Error, string? Uid = null, string Schema = "", string DataSource = "");
