using System.ComponentModel;
using System.Text.Json.Nodes;
using Fleet.Contracts.Chains;
using Fleet.Contracts.Conditions;
using Fleet.Contracts.Schema;
using Fleet.Contracts.Services;

namespace Fleet.Contracts.Clusters;

public sealed record ClusterDeploymentStatus
{
    [Description("State of the services in the cluster, from every ServiceSet.")]
    public List<ServiceState>? Services { get; set; }

    [Description("To which templates the services can be upgraded.")]
    public List<ServiceUpgradePaths>? ServicesUpgradePaths { get; set; }

    [Description("Names of the ClusterTemplates that the cluster can be upgraded to.")]
    public List<string>? AvailableUpgrades { get; set; }

    [Description("Version of Kubernetes in the cluster.")]
    public string? K8sVersion { get; set; }

    [Description("Region that the cluster is made in.")]
    public string? Region { get; set; }

    [Description("Values that the cluster chart is installed with: the chart's own, spec.config, and what Fleet adds.")]
    public JsonNode? EffectiveConfig { get; set; }

    [Description("Namespace and name of the ClusterTemplate in use.")]
    public string? EffectiveTemplate { get; set; }

    [Description("What is being waited for while the cluster is not ready.")]
    public ClusterProgress? Progress { get; set; }

    [Description("How far the deletion is, and what holds it up.")]
    public ClusterDeletionStatus? Deletion { get; set; }
    [Description("How far the last change of template, config or labels has come in the machines, and where a rollback would lead.")]
    public ClusterUpgradeStatus? Upgrade { get; set; }

    [Description("With dryRun: what would be done, in one line.")]
    public string? DryRunSummary { get; set; }

    [ListMap("type"), Description("What was found.")]
    public List<Condition>? Conditions { get; set; }

    [Description("The generation of the spec that this status is about.")]
    public long? ObservedGeneration { get; set; }
}

public sealed record ServiceUpgradePaths
{
    [Description("Name of the service.")]
    public string? Name { get; set; }

    [Description("Namespace of the service.")]
    public string? Namespace { get; set; }

    [Description("Name of the ServiceTemplate in use.")]
    public string? Template { get; set; }

    [Description("Where an upgrade can lead.")]
    public List<UpgradePath>? AvailableUpgrades { get; set; }
}

public sealed record UpgradePath
{
    [Description("Templates that are passed on the way.")]
    public List<string>? UpgradePaths { get; set; }

    [Description("The same templates with their versions.")]
    public List<AvailableUpgrade>? Versions { get; set; }
}
