using Fleet.Kubernetes.Objects;

namespace Fleet.ClusterManager.Capi;

/// <summary>What is seen of a CAPI Cluster and the objects below it.</summary>
internal sealed record CapiCluster
{
    public required ObjectKey Key { get; init; }

    public string? Uid { get; init; }

    public bool BeingDeleted { get; init; }

    /// <summary>Nobody works on it. Tools that move a Cluster to another management cluster pause it first.</summary>
    public bool IsPaused { get; init; }

    /// <summary>Whether it carries the label of its release, which the Cluster is given last of all objects.</summary>
    public bool IsLabelled { get; init; } = true;

    public IReadOnlyList<CapiCondition> Conditions { get; init; } = [];

    /// <summary>How many nodes the cluster is to have; null when its objects do not say.</summary>
    public int? WantedNodes { get; init; }

    /// <summary>Uid of the control plane object, which owns the kubeconfig Secret.</summary>
    public string? ControlPlaneUid { get; init; }

    /// <summary>Objects below the Cluster that say what they wait for, the most telling first: read only while the Cluster is not ready or is being deleted.</summary>
    public IReadOnlyList<CapiPart> Blockers { get; init; } = [];

    /// <summary>Names of the Machines; read only while the Cluster is not ready or is being deleted.</summary>
    public IReadOnlyList<string> Machines { get; init; } = [];

    /// <summary>The infrastructure cluster, when it still carries the finalizer that keeps it until all Machines are gone.</summary>
    public CapiReference? HeldInfrastructure { get; init; }
}

/// <summary>An object that is not ready, in the words of its own condition.</summary>
/// <param name="IsError">The provider says that it has failed, not only that it is not done.</param>
internal sealed record CapiPart(string Kind, ObjectKey Key, string Message, bool IsError = false);

internal sealed record CapiReference(ResourceKind Kind, ObjectKey Key, IReadOnlyList<string> Finalizers);
