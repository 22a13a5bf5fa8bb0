using Fleet.Kubernetes.Objects;

namespace Fleet.Kubernetes.Core;

/// <summary>v1 ObjectReference.</summary>
public sealed class ObjectReference
{
    public string? ApiVersion { get; set; }
    public string? Kind { get; set; }
    public string? Namespace { get; set; }
    public string? Name { get; set; }
    public string? Uid { get; set; }
    public string? ResourceVersion { get; set; }
    public string? FieldPath { get; set; }

    /// <summary>To an object; lists of typed objects carry their kind, so this works for them too.</summary>
    public static ObjectReference To(IKubernetesObject target) => new()
    {
        ApiVersion = target.ApiVersion,
        Kind = target.Kind,
        Namespace = target.Metadata.Namespace,
        Name = target.Metadata.Name,
        Uid = target.Metadata.Uid,
        ResourceVersion = target.Metadata.ResourceVersion,
    };
}
