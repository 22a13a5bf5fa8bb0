using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Fleet.Contracts.Schema;

namespace Fleet.Contracts.Chains;

/// <summary>Templates that belong together, and which of them may follow which.</summary>
public abstract record TemplateChainSpec
{
    [ListMap("name"), Description("Templates of the chain, each with the templates that may follow it.")]
    public List<SupportedTemplate>? SupportedTemplates { get; set; }
}

[Kind("ClusterTemplateChain", "clustertemplatechains", Status = typeof(TemplateChainStatus))]
[PrinterColumn(0, "Valid", "boolean", ".status.valid", Description = "Whether the chain is consistent")]
[PrinterColumn(1, "Age", "date", ".metadata.creationTimestamp", Description = "Time since the object was created")]
[Immutable("Spec is immutable")]
[Description("ClusterTemplates, and the upgrades between them that are allowed.")]
public sealed record ClusterTemplateChainSpec : TemplateChainSpec;

[Kind("ServiceTemplateChain", "servicetemplatechains", Status = typeof(TemplateChainStatus))]
[PrinterColumn(0, "Valid", "boolean", ".status.valid", Description = "Whether the chain is consistent")]
[PrinterColumn(1, "Age", "date", ".metadata.creationTimestamp", Description = "Time since the object was created")]
[Immutable("Spec is immutable")]
[Description("ServiceTemplates, and the upgrades between them that are allowed.")]
public sealed record ServiceTemplateChainSpec : TemplateChainSpec;

public sealed record SupportedTemplate
{
    [Required, Description("Name of the template.")]
    public string Name { get; set; } = "";

    [Description("Templates that may follow this one.")]
    public List<AvailableUpgrade>? AvailableUpgrades { get; set; }
}

public sealed record AvailableUpgrade
{
    [Required, Description("Name of the template that may follow.")]
    public string Name { get; set; } = "";

    [Description("Version of that template; stated for all upgrades of a template or for none.")]
    public string? Version { get; set; }
}
