using System.ComponentModel;
using Fleet.Contracts.Ipam;
using Fleet.Contracts.Schema;

namespace Fleet.Contracts.Clusters;

/// <summary>A claim that exists, or the spec of one to make.</summary>
[AtMostOneOf("ref", "spec")]
public sealed record ClusterIpamClaimChoice
{
    [Description("Name of a ClusterIPAMClaim in this namespace.")]
    public string? Ref { get; set; }

    [Description("The claim to make.")]
    public ClusterIpamClaimSpec? Spec { get; set; }
}
