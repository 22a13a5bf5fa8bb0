using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Fleet.Contracts.References;
using Fleet.Contracts.Schema;

namespace Fleet.Contracts.Sources;

/// <summary>Flux' OCIRepository.</summary>
[Kind("OCIRepository", "ocirepositories", Group = FleetApi.SourceGroup, Versions = ["v1beta2", FleetApi.SourceVersion], ShortNames = ["ocirepo"], Status = typeof(OciRepositoryStatus))]
[PrinterColumn(0, "URL", "string", ".spec.url")]
[PrinterColumn(1, "Ready", "string", ".status.conditions[?(@.type==\"Ready\")].status")]
[PrinterColumn(2, "Status", "string", ".status.conditions[?(@.type==\"Ready\")].message")]
[PrinterColumn(3, "Age", "date", ".metadata.creationTimestamp")]
[Description("An artifact in a registry.")]
public sealed record OciRepositorySpec
{
    [Required, RegularExpression("^oci://.*$"), Description("Address of the repository, without tag.")]
    public string Url { get; set; } = "";

    [Required, RegularExpression(SourcePatterns.Interval), Description("How often to look for a new artifact.")]
    public string Interval { get; set; } = "";

    [DefaultValue("60s"), RegularExpression(SourcePatterns.Timeout), Description("How long a download may take.")]
    public string? Timeout { get; set; }

    [Description("Which artifact; absent means tag latest.")]
    public OciReference? Ref { get; set; }

    [Description("Which layer of the artifact; absent means the first.")]
    public OciLayerSelector? LayerSelector { get; set; }

    [DefaultValue("generic"), AllowedValues("generic", "aws", "azure", "gcp"), Description("Whose sign-in the registry uses.")]
    public string? Provider { get; set; }

    [Description("Secret with .dockerconfigjson.")]
    public LocalReference? SecretRef { get; set; }

    [Description("ServiceAccount whose image pull secrets are used.")]
    public string? ServiceAccountName { get; set; }

    [Description("Secret with ca.crt, tls.crt and tls.key.")]
    public LocalReference? CertSecretRef { get; set; }

    [Description("Secret with the address and the credentials of a proxy.")]
    public LocalReference? ProxySecretRef { get; set; }

    [Description("How the signature of the artifact is checked.")]
    public SignatureVerification? Verify { get; set; }

    [Description("Patterns of what is left out, as in .gitignore.")]
    public string? Ignore { get; set; }

    [Description("Allow plain HTTP.")]
    public bool? Insecure { get; set; }

    [Description("Stop looking.")]
    public bool? Suspend { get; set; }
}

/// <summary>When several are set: digest wins over semver, semver over tag.</summary>
public sealed record OciReference
{
    [Description("Digest, for instance sha256:….")]
    public string? Digest { get; set; }

    [Description("The latest tag in this semver range.")]
    public string? Semver { get; set; }

    [Description("Regular expression of the tags that count for semver.")]
    public string? SemverFilter { get; set; }

    [Description("Tag.")]
    public string? Tag { get; set; }
}

public sealed record OciLayerSelector
{
    [Description("Media type of the layer; the first that has it is taken.")]
    public string? MediaType { get; set; }

    [AllowedValues("extract", "copy"), Description("Unpack the layer, or keep it packed; absent means extract.")]
    public string? Operation { get; set; }
}
