using System.ComponentModel;
using Fleet.Contracts.References;
using Fleet.Contracts.Schema;

namespace Fleet.Contracts.Services;

/// <summary>Services for all clusters that a selector finds.</summary>
public abstract record MultiClusterSpec
{
    [Description("Labels of the ClusterDeployments that get the services. An empty selector finds none.")]
    public LabelSelector? ClusterSelector { get; set; }

    [Description("Names of objects of this kind whose services must be deployed on a cluster first.")]
    public List<string>? DependsOn { get; set; }

    [Description("The services.")]
    public ServiceSpec? ServiceSpec { get; set; }

    [DefaultValue(false), Description("Keep the services on clusters that the selector no longer finds.")]
    public bool? KeepServicesOnSelectorMismatch { get; set; }
}

[Kind("MultiClusterService", "multiclusterservices", Namespaced = false, ShortNames = ["mcs"], Status = typeof(MultiClusterServiceStatus))]
[PrinterColumn(0, "Clusters", "string", ".status.conditions[?(@.type==\"ClusterInReadyState\")].message", Description = "Clusters with all services of all that the selector finds")]
[PrinterColumn(1, "provider", "string", ".spec.serviceSpec.provider.name", Description = "Name of the StateManagementProvider")]
[PrinterColumn(2, "self-management", "boolean", ".spec.serviceSpec.provider.selfManagement", Description = "Whether the target is the management cluster")]
[PrinterColumn(3, "Age", "date", ".metadata.creationTimestamp", Description = "Time since creation")]
[Description("Services for all clusters of the fleet that a selector finds.")]
public sealed record MultiClusterServiceSpec : MultiClusterSpec;

[Kind("NamespacedMultiClusterService", "namespacedmulticlusterservices", ShortNames = ["nmcs"], Status = typeof(MultiClusterServiceStatus))]
[PrinterColumn(0, "Clusters", "string", ".status.conditions[?(@.type==\"ClusterInReadyState\")].message", Description = "Clusters with all services of all that the selector finds")]
[PrinterColumn(1, "provider", "string", ".spec.serviceSpec.provider.name", Description = "Name of the StateManagementProvider")]
[PrinterColumn(2, "Age", "date", ".metadata.creationTimestamp", Description = "Time since creation")]
[Description("Services for the clusters of its own namespace that a selector finds. Fleet's own: for teams that have a namespace and no rights beyond it.")]
public sealed record NamespacedMultiClusterServiceSpec : MultiClusterSpec;
