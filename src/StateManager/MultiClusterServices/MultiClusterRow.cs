using Fleet.Contracts.Services;
using Fleet.Kubernetes.Objects;

namespace Fleet.StateManager.MultiClusterServices;

/// <summary>A MultiClusterService of either kind.</summary>
internal sealed record MultiClusterRow(ResourceKind Kind, ObjectMeta Metadata, MultiClusterSpec Spec, MultiClusterServiceStatus? Status)
{
    /// <summary>Without a namespace for the kind that reaches all of them.</summary>
    public ObjectKey Key => Metadata.Key;

    public IEnumerable<ObjectKey> Dependencies => (Spec.DependsOn ?? []).Select(name => Key with { Name = name }).Distinct();

    public static MultiClusterRow Of<TSpec>(ResourceKind kind, CustomResource<TSpec, MultiClusterServiceStatus> item) where TSpec : MultiClusterSpec, new() =>
        new(kind, item.Metadata, item.Spec, item.Status);
}
