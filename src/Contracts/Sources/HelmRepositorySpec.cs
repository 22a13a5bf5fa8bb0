using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Fleet.Contracts.References;
using Fleet.Contracts.Schema;

namespace Fleet.Contracts.Sources;

/// <summary>Flux' HelmRepository: the fields that Fleet reads.</summary>
[Kind("HelmRepository", "helmrepositories", Group = FleetApi.SourceGroup, Versions = ["v1beta2", FleetApi.SourceVersion], ShortNames = ["helmrepo"],
    Status = typeof(HelmRepositoryStatus))]
[PrinterColumn(0, "URL", "string", ".spec.url")]
[PrinterColumn(1, "Age", "date", ".metadata.creationTimestamp")]
[PrinterColumn(2, "Ready", "string", ".status.conditions[?(@.type==\"Ready\")].status")]
[PrinterColumn(3, "Status", "string", ".status.conditions[?(@.type==\"Ready\")].message")]
[Description("A repository of Helm charts.")]
public sealed record HelmRepositorySpec
{
    [Required, RegularExpression("^(http|https|oci)://.*$"), Description("Address of the repository; http, https or oci.")]
    public string Url { get; set; } = "";

    [AllowedValues("default", "oci"), Description("oci for a registry.")]
    public string? Type { get; set; }

    [Description("Secret with username and password.")]
    public LocalReference? SecretRef { get; set; }

    [Description("Secret with ca.crt, tls.crt and tls.key.")]
    public LocalReference? CertSecretRef { get; set; }

    [Description("Allow plain HTTP for a registry.")]
    public bool? Insecure { get; set; }

    [Description("Send the credentials to other hosts that the index names, too.")]
    public bool? PassCredentials { get; set; }

    [RegularExpression("^([0-9]+(\\.[0-9]+)?(ms|s|m|h))+$"), Description("How often to look for new charts.")]
    public string? Interval { get; set; }

    [RegularExpression("^([0-9]+(\\.[0-9]+)?(ms|s|m))+$"), Description("How long a download may take.")]
    public string? Timeout { get; set; }

    [DefaultValue("generic"), AllowedValues("generic", "aws", "azure", "gcp"), Description("Whose sign-in a registry uses.")]
    public string? Provider { get; set; }

    [Description("Stop looking.")]
    public bool? Suspend { get; set; }
}
