using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Fleet.Contracts.References;

namespace Fleet.Contracts.Sources;

/// <summary>A bucket of an S3 server that Fleet writes to. What Flux reads charts from is a <c>Bucket</c> of its own kind.</summary>
public record ObjectBucket
{
    [Required, StringLength(255, MinimumLength = 1), Description("Host and port of the object store.")]
    public string Endpoint { get; set; } = "";

    [Required, StringLength(63, MinimumLength = 3), Description("Name of the bucket, which must be there.")]
    public string Name { get; set; } = "";

    [Description("Region of the bucket; absent means us-east-1.")]
    public string? Region { get; set; }

    [StringLength(512), RegularExpression("^[A-Za-z0-9!_.*'()/=-]*$"), Description("What the keys begin with. Each management cluster needs its own.")]
    public string? Prefix { get; set; }

    [Description("Allow plain HTTP.")]
    public bool? Insecure { get; set; }

    [Required, Description("Secret with accesskey and secretkey, and ca.crt where the authority is an own one: in the namespace of the object, or in the system namespace for an object that has none.")]
    public LocalReference SecretRef { get; set; } = new();
}
