using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Fleet.Contracts.Schema;

namespace Fleet.Contracts.Services;

[Kind("ServiceSet", "servicesets", Status = typeof(ServiceSetStatus))]
[PrinterColumn(0, "cluster", "string", ".spec.cluster", Description = "Name of the cluster")]
[PrinterColumn(1, "multiClusterServer", "string", ".spec.multiClusterService", Description = "Name of the MultiClusterService")]
[PrinterColumn(2, "Services", "string", ".status.conditions[?(@.type==\"ServicesInReadyState\")].message", Description = "Ready services of all services")]
[PrinterColumn(3, "provider", "string", ".spec.provider.name", Description = "Name of the StateManagementProvider")]
[PrinterColumn(4, "self-management", "boolean", ".spec.provider.selfManagement", Description = "Whether the target is the management cluster")]
[PrinterColumn(5, "age", "date", ".metadata.creationTimestamp", Description = "Time since creation")]
[Description("The services of one cluster that come from one source. Written by Fleet.")]
public sealed record ServiceSetSpec
{
    [Required, Description("Name of the ClusterDeployment.")]
    public string Cluster { get; set; } = "";

    [Description("Name of the MultiClusterService that the services come from; absent when they come from the ClusterDeployment.")]
    public string? MultiClusterService { get; set; }

    [Required, Description("Who installs the services, and its settings.")]
    public ServiceProviderSpec Provider { get; set; } = new();

    [ListMap("name", "namespace"), Description("The services.")]
    public List<PlacedService>? Services { get; set; }
}

/// <summary>A service whose time has come.</summary>
public sealed record PlacedService
{
    [Required, StringLength(253, MinimumLength = 1), Description("Name of the service; the Helm release is named after it.")]
    public string Name { get; set; } = "";

    [Required, StringLength(253, MinimumLength = 1), Description("Namespace in the managed cluster.")]
    public string Namespace { get; set; } = "";

    [Required, StringLength(253, MinimumLength = 1), Description("Name of the ServiceTemplate.")]
    public string Template { get; set; } = "";

    [Description("Version of the template.")]
    public string? Version { get; set; }

    [AllowedValues("Install", "Uninstall"), Description("Install or uninstall the chart.")]
    public string? HelmAction { get; set; }

    [Description("Options for Helm, over the template's.")]
    public ServiceHelmOptions? HelmOptions { get; set; }

    [Description("Helm values as YAML; a Go template over the cluster's objects.")]
    public string? Values { get; set; }

    [Description("ConfigMaps and Secrets with further values.")]
    public List<ValuesSource>? ValuesFrom { get; set; }
}
