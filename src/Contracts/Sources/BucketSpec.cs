using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Fleet.Contracts.References;
using Fleet.Contracts.Schema;

namespace Fleet.Contracts.Sources;

/// <summary>Flux' Bucket.</summary>
[Kind("Bucket", "buckets", Group = FleetApi.SourceGroup, Versions = ["v1beta2", FleetApi.SourceVersion], Status = typeof(BucketStatus))]
[PrinterColumn(0, "Endpoint", "string", ".spec.endpoint")]
[PrinterColumn(1, "Age", "date", ".metadata.creationTimestamp")]
[PrinterColumn(2, "Ready", "string", ".status.conditions[?(@.type==\"Ready\")].status")]
[PrinterColumn(3, "Status", "string", ".status.conditions[?(@.type==\"Ready\")].message")]
[Rule("self.provider == 'aws' || self.provider == 'generic' || !has(self.sts)", "STS configuration is only supported for the 'aws' and 'generic' Bucket providers")]
[Rule("self.provider != 'aws' || !has(self.sts) || self.sts.provider == 'aws'", "'aws' is the only supported STS provider for the 'aws' Bucket provider")]
[Rule("self.provider != 'generic' || !has(self.sts) || self.sts.provider == 'ldap'", "'ldap' is the only supported STS provider for the 'generic' Bucket provider")]
[Rule("!has(self.sts) || self.sts.provider != 'aws' || !has(self.sts.secretRef)", "spec.sts.secretRef is not required for the 'aws' STS provider")]
[Rule("!has(self.sts) || self.sts.provider != 'aws' || !has(self.sts.certSecretRef)", "spec.sts.certSecretRef is not required for the 'aws' STS provider")]
[Rule("self.provider != 'generic' || !has(self.serviceAccountName)", "ServiceAccountName is not supported for the 'generic' Bucket provider")]
[Rule("!has(self.secretRef) || !has(self.serviceAccountName)", "cannot set both .spec.secretRef and .spec.serviceAccountName")]
[Description("A bucket of an object store.")]
public sealed record BucketSpec
{
    [Required, Description("Name of the bucket.")]
    public string BucketName { get; set; } = "";

    [Required, Description("Host and port of the object store.")]
    public string Endpoint { get; set; } = "";

    [Required, RegularExpression(SourcePatterns.Interval), Description("How often to look for changes.")]
    public string Interval { get; set; } = "";

    [DefaultValue("60s"), RegularExpression(SourcePatterns.Timeout), Description("How long a download may take.")]
    public string? Timeout { get; set; }

    [DefaultValue("generic"), AllowedValues("generic", "aws", "gcp", "azure"), Description("Whose object store it is.")]
    public string? Provider { get; set; }

    [Description("Region of the bucket.")]
    public string? Region { get; set; }

    [Description("Only objects whose key begins like this.")]
    public string? Prefix { get; set; }

    [Description("Allow plain HTTP.")]
    public bool? Insecure { get; set; }

    [Description("Secret with accesskey and secretkey.")]
    public LocalReference? SecretRef { get; set; }

    [Description("Secret with ca.crt, tls.crt and tls.key.")]
    public LocalReference? CertSecretRef { get; set; }

    [Description("Secret with the address and the credentials of a proxy.")]
    public LocalReference? ProxySecretRef { get; set; }

    [Description("ServiceAccount whose identity is used to sign in to the provider.")]
    public string? ServiceAccountName { get; set; }

    [Description("Service that hands out short-lived credentials.")]
    public BucketTokenService? Sts { get; set; }

    [Description("Patterns of what is left out, as in .gitignore.")]
    public string? Ignore { get; set; }

    [Description("Stop looking.")]
    public bool? Suspend { get; set; }
}

public sealed record BucketTokenService
{
    [Required, AllowedValues("aws", "ldap"), Description("Kind of the service.")]
    public string Provider { get; set; } = "";

    [Required, RegularExpression("^(http|https)://.*$"), Description("Address of the service.")]
    public string Endpoint { get; set; } = "";

    [Description("Secret with username and password.")]
    public LocalReference? SecretRef { get; set; }

    [Description("Secret with ca.crt, tls.crt and tls.key.")]
    public LocalReference? CertSecretRef { get; set; }
}
