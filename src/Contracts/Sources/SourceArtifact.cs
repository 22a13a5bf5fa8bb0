using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace Fleet.Contracts.Sources;

/// <summary>What a source controller fetched and keeps.</summary>
public sealed record SourceArtifact
{
    [Required, Description("Path in the storage of the controller.")]
    public string Path { get; set; } = "";

    [Required, Description("Where to download it.")]
    public string Url { get; set; } = "";

    [Required, Description("What it is a copy of: a branch and commit, a digest, a version.")]
    public string Revision { get; set; } = "";

    [Required, RegularExpression("^[a-z0-9]+(?:[.+_-][a-z0-9]+)*:[a-zA-Z0-9=_-]+$"), Description("Digest of the file, for instance sha256:….")]
    public string Digest { get; set; } = "";

    [Required, Description("When it was made.")]
    public DateTimeOffset LastUpdateTime { get; set; }

    [Description("Size in bytes.")]
    public long? Size { get; set; }

    [Description("Annotations of what was fetched.")]
    public Dictionary<string, string>? Metadata { get; set; }
}
