using System.ComponentModel;
using System.Text.Json.Serialization;
using Fleet.Contracts.Components;
using Fleet.Contracts.Conditions;
using Fleet.Contracts.Schema;

namespace Fleet.Contracts.Regions;

public sealed record RegionStatus : ComponentsStatus
{
    [JsonPropertyName("clusterUID"), Description("Uid of the namespace kube-system of the cluster that clusters are made in: another cluster behind the same kubeconfig is not taken for it.")]
    public string? ClusterUid { get; set; }

    [Description("How many ClusterDeployments are in the region.")]
    public int? Clusters { get; set; }

    [ListMap("type"), Description("What was found.")]
    public List<Condition>? Conditions { get; set; }

    [Description("The generation of the spec that this status is about.")]
    public long? ObservedGeneration { get; set; }
}
