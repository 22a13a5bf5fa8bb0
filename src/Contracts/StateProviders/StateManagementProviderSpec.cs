using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using Fleet.Contracts.References;
using Fleet.Contracts.Schema;

namespace Fleet.Contracts.StateProviders;

[Kind("StateManagementProvider", "statemanagementproviders", Namespaced = false, ShortNames = ["smp"], Status = typeof(StateManagementProviderStatus))]
[PrinterColumn(0, "rbac", "string", ".status.conditions[?(@.type==\"RBACReady\")].status", Description = "Whether the rights are there")]
[PrinterColumn(1, "adapter", "string", ".status.conditions[?(@.type==\"AdapterReady\")].status", Description = "Whether the adapter is ready")]
[PrinterColumn(2, "provisioner", "string", ".status.conditions[?(@.type==\"ProvisionerReady\")].status", Description = "Whether the provisioner is ready")]
[PrinterColumn(3, "provisioner crds", "string", ".status.conditions[?(@.type==\"ProvisionerCRDsReady\")].status", Description = "Whether the provisioner's kinds exist")]
[PrinterColumn(4, "ready", "boolean", ".status.ready", Description = "Whether the provider is ready")]
[PrinterColumn(5, "suspended", "boolean", ".spec.suspend", Description = "Whether the provider is suspended")]
[PrinterColumn(6, "age", "date", ".metadata.creationTimestamp", Description = "Time since the object was created")]
[Description("What brings services into clusters: who reads ServiceSets, and what does the work.")]
public sealed record StateManagementProviderSpec
{
    /// <summary>The one that a Management makes, and that services use which name none.</summary>
    public const string DefaultName = "ksm-projectsveltos";

    [Required, Description("Labels of the ServiceSets that this provider is for.")]
    public LabelSelector Selector { get; set; } = new();

    [Required, Description("What turns ServiceSets into objects of the provider.")]
    public ReadableResource Adapter { get; set; } = new();

    [Required, Description("What works on these objects.")]
    public List<ReadableResource> Provisioner { get; set; } = [];

    [JsonPropertyName("provisionerCRDs"), Required, Description("Kinds that must exist.")]
    public List<ProvisionerKinds> ProvisionerCrds { get; set; } = [];

    [Required, DefaultValue(false), Description("Do nothing.")]
    public bool Suspend { get; set; }
}

/// <summary>An object, and how to see that it is ready.</summary>
public sealed record ReadableResource
{
    [Required, Description("API version.")]
    public string ApiVersion { get; set; } = "";

    [Required, Description("Kind.")]
    public string Kind { get; set; } = "";

    [Required, Description("Name.")]
    public string Name { get; set; } = "";

    [Required, Description("Namespace.")]
    public string Namespace { get; set; } = "";

    [Required, Description("CEL expression over self that is true when the object is ready.")]
    public string ReadinessRule { get; set; } = "";
}

public sealed record ProvisionerKinds
{
    [Required, Description("API group.")]
    public string Group { get; set; } = "";

    [Required, Description("API version.")]
    public string Version { get; set; } = "";

    [Required, Description("Plural names.")]
    public List<string> Resources { get; set; } = [];
}
