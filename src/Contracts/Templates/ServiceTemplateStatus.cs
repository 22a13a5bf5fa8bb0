using System.ComponentModel;
using System.Text.Json.Nodes;
using Fleet.Contracts.Conditions;

namespace Fleet.Contracts.Templates;

public sealed record ServiceTemplateStatus : TemplateStatus
{
    [Description("Versions of Kubernetes that the service runs on.")]
    public string? K8sConstraint { get; set; }

    [Description("The source that the template is taken from.")]
    public TemplateSourceStatus? SourceStatus { get; set; }
}

public sealed record TemplateSourceStatus
{
    [Description("Kind of the source.")]
    public string? Kind { get; set; }

    [Description("Name of the source.")]
    public string? Name { get; set; }

    [Description("Namespace of the source.")]
    public string? Namespace { get; set; }

    [Description("What was fetched.")]
    public JsonObject? Artifact { get; set; }

    [Description("Conditions of the source.")]
    public List<Condition>? Conditions { get; set; }

    [Description("Generation of the source.")]
    public long? ObservedGeneration { get; set; }
}
