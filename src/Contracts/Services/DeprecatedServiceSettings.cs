using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;

namespace Fleet.Contracts.Services;

public sealed record ObjectSelector
{
    [Description("API group.")]
    public string? Group { get; set; }

    [Description("API version.")]
    public string? Version { get; set; }

    [Description("Kind.")]
    public string? Kind { get; set; }

    [Description("Name, or an expression of it.")]
    public string? Name { get; set; }

    [Description("Namespace.")]
    public string? Namespace { get; set; }

    [Description("Selector over labels.")]
    public string? LabelSelector { get; set; }

    [Description("Selector over annotations.")]
    public string? AnnotationSelector { get; set; }
}

public sealed record DriftExclusion
{
    [Required, Description("JSON pointers.")]
    public List<string> Paths { get; set; } = [];

    [Description("Objects that the pointers are about; absent means all.")]
    public ObjectSelector? Target { get; set; }
}

public sealed record TemplateResourceReference
{
    [Required, StringLength(253, MinimumLength = 1), Description("Name under which values read the object: getResource \"identifier\".")]
    public string Identifier { get; set; } = "";

    [Required, Description("The object in the management cluster; names may be templates.")]
    public References.ObjectReference Resource { get; set; } = new();

    [DefaultValue(false), Description("Go on without the object when it does not exist.")]
    public bool? Optional { get; set; }

    [DefaultValue(false), Description("Changes of its status cause nothing.")]
    public bool? IgnoreStatusChanges { get; set; }

    [Description("Only changes of these fields (JSONPath) cause something.")]
    public List<string>? WatchFields { get; set; }
}

public sealed record PolicyReference
{
    [Required, AllowedValues("GitRepository", "OCIRepository", "Bucket", "ConfigMap", "Secret"), Description("Kind of the source.")]
    public string Kind { get; set; } = "";

    [Required, StringLength(253, MinimumLength = 1), Description("Name of the source.")]
    public string Name { get; set; } = "";

    [Description("Namespace of the source; absent means the cluster's.")]
    public string? Namespace { get; set; }

    [Description("Folder within the source.")]
    public string? Path { get; set; }

    [DefaultValue("Remote"), AllowedValues("Local", "Remote"), Description("Where to apply: the management cluster or the managed one.")]
    public string? DeploymentType { get; set; }

    [DefaultValue(false), Description("Go on without the source when it does not exist.")]
    public bool? Optional { get; set; }

    [DefaultValue(100), Range(1, 2147483646), Description("Who wins when two policies want the same object: the lower number.")]
    public int? Tier { get; set; }

    [Description("Fetch the manifests from here.")]
    [JsonPropertyName("remoteURL")]
    public RemoteUrl? RemoteUrl { get; set; }

    [DefaultValue(false), Description("Do not create namespaces.")]
    public bool? SkipNamespaceCreation { get; set; }
}

public sealed record RemoteUrl
{
    [Required, StringLength(2048, MinimumLength = 1), Description("Where the manifests are.")]
    public string Url { get; set; } = "";

    [Description("How often to look again, for instance 5m.")]
    public string? Interval { get; set; }

    [Description("Secret with credentials.")]
    public References.LocalReference? SecretRef { get; set; }

    [Description("The manifests are templates.")]
    public bool? Template { get; set; }

    [Description("The registry has no TLS.")]
    [JsonPropertyName("plainHTTP")]
    public bool? PlainHttp { get; set; }
}
