using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Fleet.Contracts.Schema;

namespace Fleet.Contracts.Ipam;

[Kind("ClusterIPAM", "clusteripams", Status = typeof(ClusterIpamStatus))]
[PrinterColumn(0, "phase", "string", ".status.phase", Description = "Pending or Bound")]
[PrinterColumn(1, "Age", "date", ".metadata.creationTimestamp", Description = "Time since the object was created")]
[Description("Addresses that were handed out to a claim.")]
public sealed record ClusterIpamSpec
{
    [AllowedValues("in-cluster", "ipam-infoblox"), Description("Who hands out the addresses.")]
    public string? Provider { get; set; }

    [JsonPropertyName("clusterIPAMClaimRef"), Description("The claim.")]
    [ImmutableOnceSet("Claim reference is immutable once set")]
    public string? ClusterIpamClaimRef { get; set; }
}

public sealed record ClusterIpamStatus
{
    public const string Pending = "Pending";

    public const string Bound = "Bound";

    [AllowedValues(Pending, Bound), Description("Bound when every address is there.")]
    public string? Phase { get; set; }

    [Description("Why there are no addresses.")]
    public string? Error { get; set; }

    [Description("What the provider made.")]
    public List<ClusterIpamProviderData>? ProviderData { get; set; }
}

public sealed record ClusterIpamProviderData
{
    [Description("What it is for.")]
    public string? Name { get; set; }

    [Description("The object that was made. Any JSON.")]
    public JsonNode? Config { get; set; }

    [Description("Whether it can be used.")]
    public bool? Ready { get; set; }
}
