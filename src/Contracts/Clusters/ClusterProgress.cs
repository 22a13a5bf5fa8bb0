using System.ComponentModel;

namespace Fleet.Contracts.Clusters;

public sealed record ClusterProgress
{
    [Description("Template, Credential, Infrastructure, ControlPlane, Workers or Services.")]
    public string Phase { get; set; } = "";

    [Description("When the phase began.")]
    public DateTimeOffset? Since { get; set; }

    [Description("When the phase counts as failed.")]
    public DateTimeOffset? Deadline { get; set; }
}
