using Fleet.Kubernetes.Objects;

namespace Fleet.ClusterManager.Capi;

/// <summary>What is seen of a CAPI Cluster and the objects below it.</summary>
internal sealed record CapiCluster
{
    public required ObjectKey Key { get; init; }

    public bool BeingDeleted { get; init; }

    /// <summary>Whether it carries the label of its release, which the Cluster is given last of all objects.</summary>
    public bool IsLabelled { get; init; } = true;

    public IReadOnlyList<CapiCondition> Conditions { get; init; } = [];

    /// <summary>Objects below the Cluster that say what they wait for, the infrastructure first: read only while the Cluster is not ready.</summary>
    public IReadOnlyList<CapiPart> Blockers { get; init; } = [];

    /// <summary>Names of the Machines; read only while the Cluster is not ready or is being deleted.</summary>
    public IReadOnlyList<string> Machines { get; init; } = [];

    /// <summary>The infrastructure cluster, when it still carries the finalizer that keeps it until all Machines are gone.</summary>
    public CapiReference? HeldInfrastructure { get; init; }
}

/// <summary>An object that is not ready, in the words of its own condition.</summary>
internal sealed record CapiPart(string Kind, string Name, string Message);

internal sealed record CapiReference(ResourceKind Kind, ObjectKey Key, IReadOnlyList<string> Finalizers);
