using Fleet.Contracts.Services;
using Fleet.Kubernetes.Objects;

namespace Fleet.StateManager.MultiClusterServices;

/// <summary>A MultiClusterService of either kind.</summary>
internal sealed record MultiClusterRow(ResourceKind Kind, ObjectMeta Metadata, MultiClusterSpec Spec, MultiClusterServiceStatus? Status)
{
    /// <summary>Without a namespace for the kind that reaches all of them.</summary>
    public ObjectKey Key => Metadata.Key;

    /// <summary>Its services go to the management cluster as well: only where administrators say so, not those of a namespace.</summary>
    public bool IsForManagement => !Kind.Namespaced && Spec.ServiceSpec?.Provider?.SelfManagement == true;

    public IEnumerable<ObjectKey> Dependencies => (Spec.DependsOn ?? []).Select(name => Key with { Name = name }).Distinct();

    public static MultiClusterRow Of<TSpec>(ResourceKind kind, CustomResource<TSpec, MultiClusterServiceStatus> item) where TSpec : MultiClusterSpec, new() =>
        new(kind, item.Metadata, item.Spec, item.Status);
}
