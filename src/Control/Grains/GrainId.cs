using Fleet.Kubernetes.Objects;

namespace Fleet.Control.Grains;

/// <summary>Address of a grain: what it is (for instance <c>cluster</c>) and the object that it owns.</summary>
public readonly record struct GrainId(string Kind, ObjectKey Key)
{
    /// <summary>The grain of a managed cluster, shared by every reconciler that works on it.</summary>
    public static GrainId OfCluster(ObjectKey cluster) => new("cluster", cluster);

    /// <summary>What is collected of a managed cluster.</summary>
    public static GrainId OfCollection(ObjectKey cluster) => new("collection", cluster);

    /// <summary>Every grain that a managed cluster may have in a service.</summary>
    public static GrainId[] AllOf(ObjectKey cluster) => [OfCluster(cluster), OfCollection(cluster)];

    public bool IsOfCluster => Kind is "cluster" or "collection";

    /// <summary>What runs once in all processes of a service. Reconcilers may share its grain, so that they run where it does.</summary>
    public static GrainId OfSingleton(string name) => new("singleton", new("", name));

    public override string ToString() => $"{Kind}:{Key}";
}
