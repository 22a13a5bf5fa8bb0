using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Fleet.Contracts.References;
using Fleet.Contracts.Schema;

namespace Fleet.Contracts.Credentials;

[Kind("Credential", "credentials", ShortNames = ["cred"], Status = typeof(CredentialStatus))]
[PrinterColumn(0, "Ready", "boolean", ".status.ready", Description = "Whether the credential can be used")]
[PrinterColumn(1, "Region", "string", ".spec.region", Description = "Region of the credential")]
[PrinterColumn(2, "Description", "string", ".spec.description", Description = "What the credential is for")]
[PrinterColumn(3, "Clusters", "integer", ".status.usedBy", Description = "Clusters that use the credential", Priority = 1)]
[Description("What a cluster is created with: a reference to a provider's identity.")]
public sealed record CredentialSpec
{
    [Required, Description("The identity object of the provider, or a Secret.")]
    public ObjectReference IdentityRef { get; set; } = new();

    [ImmutableOnceSet("Region is immutable"), Description("Region in which clusters with this credential are made.")]
    public string? Region { get; set; }

    [Description("What the credential is for.")]
    public string? Description { get; set; }
}
