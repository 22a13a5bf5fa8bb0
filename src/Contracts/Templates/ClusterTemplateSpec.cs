using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Fleet.Contracts.Schema;

namespace Fleet.Contracts.Templates;

[Kind("ClusterTemplate", "clustertemplates", ShortNames = ["clustertmpl"], Status = typeof(ClusterTemplateStatus))]
[PrinterColumn(0, "valid", "boolean", ".status.valid", Description = "Whether the chart can be used")]
[PrinterColumn(1, "validationError", "string", ".status.validationError", Description = "Why it can not be used", Priority = 1)]
[PrinterColumn(2, "description", "string", ".status.description", Description = "What the chart says about itself", Priority = 1)]
[Immutable("Spec is immutable")]
[Rule("!has(self.helm.chartSource)", ".spec.helm.chartSource is not supported for ClusterTemplates")]
[Description("A chart that makes clusters.")]
public sealed record ClusterTemplateSpec
{
    [Required, Description("The chart.")]
    public HelmSpec Helm { get; set; } = new();

    [Description("Providers that the chart needs, for instance infrastructure-aws; absent means what the chart's annotations say.")]
    public List<string>? Providers { get; set; }

    [Description("Contract version that the chart needs of each provider.")]
    public Dictionary<string, string>? ProviderContracts { get; set; }

    [Description("The exact version of Kubernetes in clusters from this template.")]
    public string? K8sVersion { get; set; }

    [Description("Name for people.")]
    public string? DisplayName { get; set; }

    [Description("What the template is for.")]
    public string? Description { get; set; }
}
