using Fleet.Kubernetes.Objects;

namespace Fleet.ClusterManager.Deletion;

/// <summary>What workloads of a managed cluster have made outside of it, and would cost money for ever: load balancers and volumes.</summary>
/// <param name="Problem">Why it is not known; null when it is.</param>
internal sealed record WorkloadLeftovers(IReadOnlyList<Leftover> Items, string? Problem = null);

/// <param name="Why">What holds it, when it is being deleted.</param>
internal sealed record Leftover(ResourceKind Kind, ObjectKey Key, string Uid, bool BeingDeleted, string? Why);
