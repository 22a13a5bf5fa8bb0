using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using Fleet.Contracts.Schema;

namespace Fleet.Contracts.Components;

[Kind("Management", "managements", Namespaced = false, ShortNames = ["kcm-mgmt", "mgmt"], Status = typeof(ManagementStatus))]
[PrinterColumn(0, "Ready", "string", ".status.conditions[?(@.type=='Ready')].status", Description = "Whether all components are healthy")]
[PrinterColumn(1, "Release", "string", ".status.release", Description = "Release that is installed")]
[PrinterColumn(2, "Age", "date", ".metadata.creationTimestamp", Description = "Time since the object was created")]
[Description("What is installed in the management cluster. There is one, named kcm.")]
public sealed record ManagementSpec
{
    /// <summary>The only name that a Management may have.</summary>
    public const string SingletonName = "kcm";

    [Required, StringLength(253, MinimumLength = 1), Description("Name of the Release.")]
    public string Release { get; set; } = "";

    [Description("Settings of the components that are always installed.")]
    public CoreComponents? Core { get; set; }

    [Description("Providers that are enabled.")]
    public List<ProviderComponent>? Providers { get; set; }

    [Description("What else is removed when this object is deleted.")]
    public ManagementCleanup? Cleanup { get; set; }
}

public sealed record ManagementCleanup
{
    [JsonPropertyName("k0rdentCRDs"), Description("The definitions of this group, and so all its objects.")]
    public bool? K0rdentCrds { get; set; }

    [JsonPropertyName("capiProviderCRDs"), Description("The definitions of Cluster API and its providers, and so all their objects.")]
    public bool? CapiProviderCrds { get; set; }
}
