using Fleet.Kubernetes.Objects;

namespace Fleet.Kubernetes.Core;

/// <summary>meta.k8s.io/v1 PartialObjectMetadata: an object of any kind of which the server sends the metadata only.</summary>
public sealed class PartialObjectMetadata : KubernetesObject;
