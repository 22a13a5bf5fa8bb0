using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using Fleet.Contracts.Schema;

namespace Fleet.Contracts.Ipam;

[Kind("ClusterIPAMClaim", "clusteripamclaims", Status = typeof(ClusterIpamClaimStatus))]
[PrinterColumn(0, "bound", "string", ".status.bound", Description = "Whether the addresses are there")]
[PrinterColumn(1, "Age", "date", ".metadata.creationTimestamp", Description = "Time since the object was created")]
[Description("Addresses that a cluster needs.")]
public sealed record ClusterIpamClaimSpec
{
    [Required, AllowedValues("in-cluster", "ipam-infoblox"), Description("Who hands out the addresses.")]
    public string Provider { get; set; } = "";

    [ImmutableOnceSet("Cluster reference is immutable once set"), Description("Name of the cluster that claims.")]
    public string? Cluster { get; set; }

    [JsonPropertyName("clusterIPAMRef"), Description("The ClusterIPAM that satisfies the claim.")]
    [ImmutableOnceSet("ClusterIPAM reference is immutable once set")]
    public string? ClusterIpamRef { get; set; }

    [Description("Addresses of nodes.")]
    public AddressSpace? NodeNetwork { get; set; }

    [Description("Addresses within the cluster.")]
    public AddressSpace? ClusterNetwork { get; set; }

    [Description("Addresses outside of the cluster.")]
    public AddressSpace? ExternalNetwork { get; set; }
}

public sealed record AddressSpace
{
    [Description("A range in CIDR form.")]
    public string? Cidr { get; set; }

    [Description("The gateway of the range.")]
    public string? Gateway { get; set; }

    [Description("Single addresses or ranges.")]
    public List<string>? IpAddresses { get; set; }

    [Description("Length of the prefix.")]
    public int? Prefix { get; set; }
}
