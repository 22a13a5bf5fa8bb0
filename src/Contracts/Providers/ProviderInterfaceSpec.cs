using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Fleet.Contracts.Schema;

namespace Fleet.Contracts.Providers;

[Kind("ProviderInterface", "providerinterfaces", Namespaced = false, ShortNames = ["pi"])]
[PrinterColumn(0, "Description", "string", ".spec.description")]
[Description("What a provider brings: the kinds of its identities, and what these refer to.")]
public sealed record ProviderInterfaceSpec
{
    [Description("What the provider does, for people.")]
    public string? Description { get; set; }

    [Description("Deprecated, use clusterIdentities: kinds of identities.")]
    public List<string>? ClusterIdentityKinds { get; set; }

    [Description("Kinds of identities that Credentials may name for this provider.")]
    public List<ProviderIdentity>? ClusterIdentities { get; set; }
}

public sealed record ProviderIdentity
{
    [Required, Description("API group of the identity.")]
    public string Group { get; set; } = "";

    [Required, Description("API version of the identity.")]
    public string Version { get; set; } = "";

    [Required, Description("Kind of the identity.")]
    public string Kind { get; set; } = "";

    [Description("Objects that the identity refers to, for instance its Secret.")]
    public List<ProviderIdentityReference>? References { get; set; }
}

public sealed record ProviderIdentityReference
{
    [Required, Description("API group of the referent.")]
    public string Group { get; set; } = "";

    [Required, Description("API version of the referent.")]
    public string Version { get; set; } = "";

    [Required, Description("Kind of the referent.")]
    public string Kind { get; set; } = "";

    [Required, RegularExpression("^[^.].*$"), Description("Where in the identity the name is, for instance spec.clientSecret.name.")]
    public string NameFieldPath { get; set; } = "";

    [RegularExpression("^[^.].*$"), Description("Where in the identity the namespace is; absent means the system namespace.")]
    public string? NamespaceFieldPath { get; set; }
}
