using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json.Nodes;

namespace Fleet.Contracts.Components;

/// <summary>The components that every management and regional cluster has.</summary>
public sealed record CoreComponents
{
    [Description("The manager.")]
    public Component? Kcm { get; set; }

    [Description("Cluster API.")]
    public Component? Capi { get; set; }
}

public sealed record Component
{
    [Description("Name of a ProviderTemplate; absent means the one of the release.")]
    public string? Template { get; set; }

    [Description("Values of the chart. Any JSON.")]
    public JsonNode? Config { get; set; }
}

public sealed record ProviderComponent
{
    [Required, Description("Name of the provider, as the release calls it.")]
    public string Name { get; set; } = "";

    [Description("Name of a ProviderTemplate; absent means the one of the release.")]
    public string? Template { get; set; }

    [Description("Values of the chart. Any JSON.")]
    public JsonNode? Config { get; set; }
}
