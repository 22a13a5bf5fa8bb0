using Fleet.Kubernetes.Objects;

namespace Fleet.ControlPlane.Schemas;

/// <summary>Schemas of the kinds that Kubernetes itself defines; read from the embedded files in <c>BuiltIn</c> at first use.</summary>
public static class BuiltInSchemas
{
    private static readonly Lazy<BuiltInCatalog> s_catalog = new(BuiltInCatalog.Load);

    internal static Schema AnyString { get; } = new() { Type = "string" };

    internal static BuiltInCatalog Catalog => s_catalog.Value;

    /// <summary>metadata of every object.</summary>
    public static Schema ObjectMeta => s_catalog.Value.Types[BuiltInCatalog.MetaPackage + ".ObjectMeta"];

    /// <summary>For built-in kinds that are not described here: metadata is known, everything else is accepted as it comes.</summary>
    public static Schema Generic => s_catalog.Value.Generic;

    /// <summary>Null when the kind is not one of the built-in ones described here.</summary>
    public static Schema? Find(GroupVersionKind kind) => s_catalog.Value.Kinds.GetValueOrDefault(kind);

    /// <summary>The kinds described here.</summary>
    public static IReadOnlyCollection<GroupVersionKind> Kinds => s_catalog.Value.Kinds.Keys;
}
