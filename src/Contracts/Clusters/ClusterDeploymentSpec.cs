using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json.Nodes;
using Fleet.Contracts.Schema;
using Fleet.Contracts.Services;

namespace Fleet.Contracts.Clusters;

[Kind("ClusterDeployment", "clusterdeployments", ShortNames = ["clusterd", "cld"], Status = typeof(ClusterDeploymentStatus))]
[PrinterColumn(0, "Ready", "string", ".status.conditions[?(@.type==\"Ready\")].status", Description = "Whether the cluster is ready")]
[PrinterColumn(1, "Services", "string", ".status.conditions[?(@.type==\"ServicesInReadyState\")].message", Description = "Ready services of all services")]
[PrinterColumn(2, "Template", "string", ".spec.template", Description = "Name of the ClusterTemplate")]
[PrinterColumn(3, "Messages", "string", ".status.conditions[?(@.type==\"Ready\")].message", Description = "What is waited for")]
[PrinterColumn(4, "Age", "date", ".metadata.creationTimestamp", Description = "Time since creation")]
[PrinterColumn(5, "DryRun", "string", ".spec.dryRun", Description = "Whether nothing is created", Priority = 1)]
[Description("A cluster to have, and the services to run in it.")]
public sealed record ClusterDeploymentSpec
{
    [Required, StringLength(253, MinimumLength = 1), Description("Name of a ClusterTemplate in this namespace or in the system namespace.")]
    public string Template { get; set; } = "";

    [Description("Name of a Credential in this namespace.")]
    public string? Credential { get; set; }

    [Description("Values of the cluster chart, over the chart's own. Any JSON.")]
    public JsonNode? Config { get; set; }

    [Description("Check everything, create nothing.")]
    public bool? DryRun { get; set; }

    [DefaultValue(true), Description("Whether the credential is made known inside the cluster, for its cloud controllers.")]
    public bool? PropagateCredentials { get; set; }

    [Description("Before the cluster is deleted, delete its load balancers and volumes, so that nothing keeps costing money.")]
    public bool? CleanupOnDeletion { get; set; }

    [Description("Services to run in the cluster.")]
    public ServiceSpec? ServiceSpec { get; set; }

    [Description("Where the cluster takes its addresses from.")]
    public ClusterIpamClaimChoice? IpamClaim { get; set; }

    [Description("Name of a ClusterAuthentication in this namespace.")]
    public string? ClusterAuth { get; set; }

    [Description("Name of a ClusterAuditPolicy in this namespace.")]
    public string? AuditPolicy { get; set; }

    [Description("Name of a DataSource in this namespace.")]
    public string? DataSource { get; set; }
}
