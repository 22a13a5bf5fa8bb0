using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json.Nodes;
using Fleet.Contracts.Conditions;
using Fleet.Contracts.Schema;

namespace Fleet.Contracts.Templates;

/// <summary>What the status of every kind of template says.</summary>
public abstract record TemplateStatus
{
    [Required, DefaultValue(false), Description("Whether the template can be used.")]
    public bool Valid { get; set; }

    [Description("Why it can not be used.")]
    public string? ValidationError { get; set; }

    [Description("Default values of the chart.")]
    public JsonNode? Config { get; set; }

    [Description("The HelmChart object that holds the chart, where there is one.")]
    public SourceReference? ChartRef { get; set; }

    [Description("Version of the chart.")]
    public string? ChartVersion { get; set; }

    [Description("What the chart says about itself.")]
    public string? Description { get; set; }

    [Description("Name of the ConfigMap with the schema of the chart's values, in key schema.")]
    public string? SchemaConfigMapName { get; set; }

    [ListMap("type"), Description("What was found.")]
    public List<Condition>? Conditions { get; set; }

    [Description("The generation of the spec that this status is about.")]
    public long? ObservedGeneration { get; set; }
}

public sealed record ClusterTemplateStatus : TemplateStatus
{
    [Description("Providers that the chart needs.")]
    public List<string>? Providers { get; set; }

    [Description("Contract version that the chart needs of each provider.")]
    public Dictionary<string, string>? ProviderContracts { get; set; }

    [Description("Version of Kubernetes in clusters from this template.")]
    public string? K8sVersion { get; set; }
}
