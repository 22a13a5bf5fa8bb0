using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Fleet.Contracts.Clusters;
using Fleet.Contracts.Conditions;
using Fleet.Contracts.Schema;

namespace Fleet.Contracts.Services;

public sealed record MultiClusterServiceStatus
{
    [Description("The clusters that the selector finds, and those that still have the services.")]
    public List<MatchingCluster>? MatchingClusters { get; set; }

    [Description("State of the services on every cluster.")]
    public List<ServiceState>? Services { get; set; }

    [Description("Upgrades of the services that their chains allow.")]
    public List<ServiceUpgradePaths>? ServicesUpgradePaths { get; set; }

    [ListMap("type"), Description("What was found.")]
    public List<Condition>? Conditions { get; set; }

    [Description("The generation of the spec that this status is about.")]
    public long? ObservedGeneration { get; set; }
}

/// <summary>A cluster, with the fields of an ObjectReference.</summary>
public sealed record MatchingCluster
{
    [Description("API version of the cluster.")]
    public string? ApiVersion { get; set; }

    [Description("Kind of the cluster.")]
    public string? Kind { get; set; }

    [Description("Name of the cluster.")]
    public string? Name { get; set; }

    [Description("Namespace of the cluster.")]
    public string? Namespace { get; set; }

    [Description("UID of the cluster.")]
    public string? Uid { get; set; }

    [Required, Description("Whether all services are deployed as declared.")]
    public bool Deployed { get; set; }

    [Required, Description("Whether the cluster is made in a region.")]
    public bool Regional { get; set; }

    [Description("Why it is not deployed, in one word.")]
    public string? Reason { get; set; }

    [Description("Why it is not deployed.")]
    public string? Message { get; set; }

    [Description("When that last changed.")]
    public DateTimeOffset? LastTransitionTime { get; set; }
}
