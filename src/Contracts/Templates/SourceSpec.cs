using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Fleet.Contracts.Schema;
using Fleet.Contracts.Sources;

namespace Fleet.Contracts.Templates;

/// <summary>A folder of a source.</summary>
[ExactlyOneOf("localSourceRef", "remoteSourceSpec",
    None = "One of LocalSource or RemoteSource must be specified.", Several = "LocalSource and RemoteSource are mutually exclusive.")]
public sealed record SourceSpec
{
    [DefaultValue("Remote"), AllowedValues("Local", "Remote"), Description("Where to apply: the management cluster or the managed one.")]
    public string? DeploymentType { get; set; }

    [Description("The folder; absent means the root.")]
    public string? Path { get; set; }

    [Description("A source that exists.")]
    public LocalSourceReference? LocalSourceRef { get; set; }

    [Description("A source to make.")]
    public RemoteSourceSpec? RemoteSourceSpec { get; set; }
}

public sealed record LocalSourceReference
{
    [Required, AllowedValues("ConfigMap", "Secret", "GitRepository", "Bucket", "OCIRepository"), Description("Kind of the source.")]
    public string Kind { get; set; } = "";

    [Required, StringLength(253, MinimumLength = 1), Description("Name of the source.")]
    public string Name { get; set; } = "";

    [Description("Namespace of the source; not used for ConfigMap and Secret.")]
    public string? Namespace { get; set; }
}

/// <summary>The specs are Flux' own.</summary>
[ExactlyOneOf("git", "bucket", "oci",
    None = "One of Git, Bucket or OCI must be specified.", Several = "Git, Bucket and OCI are mutually exclusive.")]
public sealed record RemoteSourceSpec
{
    [Description("Spec of a GitRepository.")]
    public GitRepositorySpec? Git { get; set; }

    [Description("Spec of a Bucket.")]
    public BucketSpec? Bucket { get; set; }

    [Description("Spec of an OCIRepository.")]
    public OciRepositorySpec? Oci { get; set; }
}
