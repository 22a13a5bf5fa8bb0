using System.ComponentModel;

namespace Fleet.Contracts.Components;

/// <summary>What the status of a management and of a regional cluster says about components.</summary>
public abstract record ComponentsStatus
{
    [Description("State of each component, by its name.")]
    public Dictionary<string, ComponentStatus>? Components { get; set; }

    [Description("Cluster API providers that can be used.")]
    public List<string>? AvailableProviders { get; set; }

    [Description("For each provider: its contract versions, joined by _, for each contract version of Cluster API.")]
    public Dictionary<string, Dictionary<string, string>>? CapiContracts { get; set; }
}

public sealed record ComponentStatus
{
    [Description("Name of the ProviderTemplate.")]
    public string? Template { get; set; }

    [Description("What is wrong.")]
    public string? Error { get; set; }

    [Description("Whether it is installed and ready.")]
    public bool? Success { get; set; }

    [Description("Providers that it brings.")]
    public List<string>? ExposedProviders { get; set; }
}
