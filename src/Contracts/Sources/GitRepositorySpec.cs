using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Fleet.Contracts.References;
using Fleet.Contracts.Schema;

namespace Fleet.Contracts.Sources;

/// <summary>Flux' GitRepository.</summary>
[Kind("GitRepository", "gitrepositories", Group = FleetApi.SourceGroup, Versions = ["v1beta2", FleetApi.SourceVersion], ShortNames = ["gitrepo"], Status = typeof(GitRepositoryStatus))]
[PrinterColumn(0, "URL", "string", ".spec.url")]
[PrinterColumn(1, "Age", "date", ".metadata.creationTimestamp")]
[PrinterColumn(2, "Ready", "string", ".status.conditions[?(@.type==\"Ready\")].status")]
[PrinterColumn(3, "Status", "string", ".status.conditions[?(@.type==\"Ready\")].message")]
[Rule("!has(self.serviceAccountName) || (has(self.provider) && (self.provider == 'azure' || self.provider == 'aws'))",
    "serviceAccountName can only be set when provider is 'azure' or 'aws'")]
[Description("A Git repository.")]
public sealed record GitRepositorySpec
{
    [Required, RegularExpression("^(http|https|ssh)://.*$"), Description("Address of the repository; http, https or ssh.")]
    public string Url { get; set; } = "";

    [Required, RegularExpression(SourcePatterns.Interval), Description("How often to look for new commits.")]
    public string Interval { get; set; } = "";

    [DefaultValue("60s"), RegularExpression(SourcePatterns.Timeout), Description("How long an operation may take.")]
    public string? Timeout { get; set; }

    [Description("What to check out; absent means branch master.")]
    public GitReference? Ref { get; set; }

    [Description("Secret with username and password or bearerToken, ca.crt, tls.crt and tls.key; for ssh identity and known_hosts.")]
    public LocalReference? SecretRef { get; set; }

    [AllowedValues("generic", "aws", "azure", "github"), Description("Whose sign-in is used; absent means generic.")]
    public string? Provider { get; set; }

    [Description("ServiceAccount whose identity is used to sign in to the provider.")]
    public string? ServiceAccountName { get; set; }

    [Description("Secret with the address and the credentials of a proxy.")]
    public LocalReference? ProxySecretRef { get; set; }

    [Description("How the signature of the commit or tag is checked.")]
    public GitVerification? Verify { get; set; }

    [Description("Patterns of what is left out, as in .gitignore.")]
    public string? Ignore { get; set; }

    [Description("Folders to check out; absent means all.")]
    public List<string>? SparseCheckout { get; set; }

    [Description("Fetch submodules, too.")]
    public bool? RecurseSubmodules { get; set; }

    [Description("Other GitRepositories whose content is copied in.")]
    public List<GitRepositoryInclude>? Include { get; set; }

    [Description("Stop looking.")]
    public bool? Suspend { get; set; }
}

/// <summary>When several are set: commit wins over name, name over semver, semver over tag, tag over branch.</summary>
public sealed record GitReference
{
    [Description("Branch.")]
    public string? Branch { get; set; }

    [Description("Tag.")]
    public string? Tag { get; set; }

    [Description("The latest tag in this semver range.")]
    public string? Semver { get; set; }

    [Description("A reference, for instance refs/pull/1/head.")]
    public string? Name { get; set; }

    [Description("A commit.")]
    public string? Commit { get; set; }
}

public sealed record GitVerification
{
    [DefaultValue("HEAD"), AllowedValues("head", "HEAD", "Tag", "TagAndHEAD"), Description("What has to be signed.")]
    public string? Mode { get; set; }

    [Required, Description("Secret with the public keys of authors that are trusted.")]
    public LocalReference SecretRef { get; set; } = new();
}

public sealed record GitRepositoryInclude
{
    [Required, Description("The other GitRepository.")]
    public LocalReference Repository { get; set; } = new();

    [Description("Folder to copy; absent means the root.")]
    public string? FromPath { get; set; }

    [Description("Where to copy to; absent means the name of the other.")]
    public string? ToPath { get; set; }
}
