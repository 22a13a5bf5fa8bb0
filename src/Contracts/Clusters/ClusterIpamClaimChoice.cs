using System.ComponentModel;
using Fleet.Contracts.Ipam;

namespace Fleet.Contracts.Clusters;

/// <summary>A claim that exists, or the spec of one to make. Upstream stores the name of the claim that it made beside the spec: then the spec counts.</summary>
public sealed record ClusterIpamClaimChoice
{
    [Description("Name of a ClusterIPAMClaim in this namespace.")]
    public string? Ref { get; set; }

    [Description("The claim to make.")]
    public ClusterIpamClaimSpec? Spec { get; set; }
}
