using System.ComponentModel;
using Fleet.Contracts.Schema;

namespace Fleet.Contracts.Templates;

[Kind("ProviderTemplate", "providertemplates", Namespaced = false, ShortNames = ["providertmpl"], Status = typeof(ProviderTemplateStatus))]
[PrinterColumn(0, "valid", "boolean", ".status.valid", Description = "Whether the chart can be used")]
[PrinterColumn(1, "validationError", "string", ".status.validationError", Description = "Why it can not be used", Priority = 1)]
[PrinterColumn(2, "description", "string", ".status.description", Description = "What the chart says about itself", Priority = 1)]
[Immutable("Spec is immutable")]
[Rule("!has(self.helm) || !has(self.helm.chartSource)", ".spec.helm.chartSource is not supported for ProviderTemplates")]
[Description("A chart that installs a component of the management cluster: Cluster API or one of its providers.")]
public sealed record ProviderTemplateSpec
{
    [Description("The chart.")]
    public HelmSpec? Helm { get; set; }

    [Description("Contract versions of the provider, joined by _, for each contract version of Cluster API; an empty value for Cluster API itself.")]
    public Dictionary<string, string>? CapiContracts { get; set; }

    [Description("Providers that the chart brings, for instance infrastructure-aws; absent means what the chart's annotations say.")]
    public List<string>? Providers { get; set; }
}

public sealed record ProviderTemplateStatus : TemplateStatus
{
    [Description("Contract versions of the provider for each contract version of Cluster API.")]
    public Dictionary<string, string>? CapiContracts { get; set; }

    [Description("Providers that the chart brings.")]
    public List<string>? Providers { get; set; }
}
