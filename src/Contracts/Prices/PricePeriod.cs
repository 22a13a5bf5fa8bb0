using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Fleet.Contracts.Schema;

namespace Fleet.Contracts.Prices;

/// <summary>All prices of a sheet from a moment on. Costs of earlier times keep their earlier prices.</summary>
public sealed record PricePeriod
{
    [Required, Description("Since when; the period ends where the next one begins.")]
    public DateTimeOffset ValidFrom { get; set; }

    [MaxLength(200), Atomic, Description("Prices of machines, the most specific that fits is taken.")]
    public List<NodePrice>? Nodes { get; set; }

    [MaxLength(200), Atomic, Description("Prices of GPUs by their model.")]
    public List<GpuPrice>? Gpus { get; set; }

    [MaxLength(200), Atomic, Description("Prices of persistent volumes.")]
    public List<StoragePrice>? Storage { get; set; }

    [Description("Price of load balancers.")]
    public LoadBalancerPrice? LoadBalancers { get; set; }

    [Description("Prices of traffic that leaves.")]
    public NetworkPrice? Network { get; set; }

    [Description("Price of a cluster being there.")]
    public ManagementPrice? ClusterManagement { get; set; }
}
