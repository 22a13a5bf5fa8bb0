using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Fleet.Contracts.Schema;

namespace Fleet.Contracts.Releases;

[Kind("Release", "releases", Namespaced = false, Status = typeof(ReleaseStatus))]
[PrinterColumn(0, "Ready", "string", ".status.ready", Description = "Whether all templates exist and can be used")]
[PrinterColumn(1, "Age", "date", ".metadata.creationTimestamp", Description = "Time since the object was created")]
[Description("Versions that go together: a ProviderTemplate for each component of a management cluster.")]
public sealed record ReleaseSpec
{
    [Required, Description("Version of the release.")]
    public string Version { get; set; } = "";

    [Required, Description("The manager itself.")]
    public CoreProviderTemplate Kcm { get; set; } = new();

    [Description("What regional clusters get.")]
    public CoreProviderTemplate? Regional { get; set; }

    [Required, Description("Cluster API.")]
    public CoreProviderTemplate Capi { get; set; } = new();

    [Description("Providers that can be enabled.")]
    public List<NamedProviderTemplate>? Providers { get; set; }
}

public sealed record CoreProviderTemplate
{
    [Required, Description("Name of the ProviderTemplate.")]
    public string Template { get; set; } = "";
}

public sealed record NamedProviderTemplate
{
    [Required, Description("Name of the provider.")]
    public string Name { get; set; } = "";

    [Required, Description("Name of the ProviderTemplate.")]
    public string Template { get; set; } = "";
}
