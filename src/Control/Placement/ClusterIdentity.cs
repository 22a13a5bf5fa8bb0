using Fleet.Contracts.References;
using Fleet.Kubernetes.Objects;

namespace Fleet.Control.Placement;

/// <summary>What upstream's guides put beside the identity of a Credential, found by name.</summary>
/// <param name="Identity">The object that the Credential names.</param>
public sealed record ClusterIdentity(ObjectKey Identity)
{
    /// <summary>How manifests and values read the identity, and its Secret.</summary>
    public const string Identifier = "InfrastructureProviderIdentity", SecretIdentifier = "InfrastructureProviderIdentitySecret";

    private const string TemplateSuffix = "-resource-template";

    public ObjectKey Secret => Identity with { Name = Identity.Name + "-secret" };

    /// <summary>ConfigMap of manifests that make the identity known in the clusters that use it.</summary>
    public ObjectKey Template => Identity with { Name = Identity.Name + TemplateSuffix };

    /// <param name="namespace">That of the Credential.</param>
    public static ClusterIdentity Of(ObjectReference identity, string @namespace) =>
        new(new ObjectKey(identity.Namespace is { Length: > 0 } stated ? stated : @namespace, identity.Name ?? ""));

    /// <summary>Name of the identity that a ConfigMap of this name would belong to; null when it is no such name.</summary>
    public static string? OwnerOfTemplate(string name) =>
        name.Length > TemplateSuffix.Length && name.EndsWith(TemplateSuffix, StringComparison.Ordinal) ? name[..^TemplateSuffix.Length] : null;
}
