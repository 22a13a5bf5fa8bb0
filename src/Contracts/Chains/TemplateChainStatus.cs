using System.ComponentModel;

namespace Fleet.Contracts.Chains;

public sealed record TemplateChainStatus
{
    [Description("Whether the chain is consistent, and so counts for upgrades.")]
    public bool? Valid { get; set; }

    [Description("What is inconsistent.")]
    public string? ValidationError { get; set; }
}
