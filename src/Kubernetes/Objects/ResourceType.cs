using System.Text.Json.Serialization.Metadata;

namespace Fleet.Kubernetes.Objects;

/// <summary>A kind together with the .NET type that stands for it.</summary>
public sealed record ResourceType<T>(ResourceKind Kind, JsonTypeInfo<T> Json)
    where T : class, IKubernetesObject;
