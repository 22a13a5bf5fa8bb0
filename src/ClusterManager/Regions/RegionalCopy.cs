using Fleet.Kubernetes.Objects;

namespace Fleet.ClusterManager.Regions;

/// <summary>An object in a region that was brought there for one cluster.</summary>
internal sealed record RegionalCopy(ResourceKind Kind, ObjectKey Key, string? Uid, bool IsBeingDeleted);
