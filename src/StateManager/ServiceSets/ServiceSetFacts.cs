using Fleet.Contracts.Services;
using Fleet.Kubernetes.Objects;
using Fleet.StateManager.Drift;

namespace Fleet.StateManager.ServiceSets;

/// <summary>Everything that a reconcile of a ServiceSet has read.</summary>
internal sealed record ServiceSetFacts
{
    public required CustomResource<ServiceSetSpec, ServiceSetStatus> Object { get; init; }

    public required TargetCluster Target { get; init; }

    /// <summary>Services of the spec in its order, then those that are only in status.</summary>
    public required IReadOnlyList<ServiceFacts> Services { get; init; }

    /// <summary>Services stay in the cluster when the set is deleted.</summary>
    public bool IsOrphan { get; init; }

    /// <summary>The cluster is deleted with its machines: what lets it clean up in its cloud must stay until then.</summary>
    public bool ClusterGoes { get; init; }

    public required bool IsPaused { get; init; }

    /// <summary>Its StateManagementProvider is suspended, which pauses it as well.</summary>
    public bool IsSuspended { get; init; }

    /// <summary>Another provider looks after it: it is left alone.</summary>
    public bool IsForeign { get; init; }

    public DriftSettings Settings { get; init; } = DriftSettings.Default;

    public bool IsDeleting => Object.Metadata.IsBeingDeleted;

    public bool HasFinalizer { get; init; }
}
