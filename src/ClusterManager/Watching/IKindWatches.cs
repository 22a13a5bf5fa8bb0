using Fleet.Kubernetes.Core;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Watching;

namespace Fleet.ClusterManager.Watching;

/// <summary>The watches on one cluster by which kinds are found that come and go with providers.</summary>
internal interface IKindWatches
{
    Informer<DynamicObject, DefinitionRow> Definitions { get; }

    /// <summary>A watch on a kind that has just been found. Whoever asks disposes it.</summary>
    Informer<PartialObjectMetadata, AppearedRow> Appeared(ResourceKind kind);
}
