using Fleet.Cost.Allocations;
using Fleet.Cost.Prices;
using Fleet.Cost.Pricing;
using Fleet.Observability.Hours;

namespace Fleet.Observability.Pricing;

/// <summary>An hour as it was seen, as <see cref="ClusterPricer"/> takes it. Pure.</summary>
internal static class HourUsage
{
    /// <param name="cluster">NAMESPACE/NAME of its ClusterDeployment.</param>
    public static ClusterUsage Of(ClusterHour hour, string cluster, PodMetadata metadata) => new(cluster, new(hour.Hour, hour.Hour.AddHours(1)))
    {
        Nodes = [.. hour.Nodes.Values.Select(node => Node(node, hour.Hour))],
        Containers = [.. hour.Containers.Values.Select(container => Container(container, metadata))],
        Volumes = [.. hour.Volumes.Values.Where(volume => volume.Seconds > 0).Select(volume => Volume(volume, hour.Hour))],
        LoadBalancers = [.. hour.Balancers.Values.Where(balancer => balancer.Seconds > 0).Select(balancer => Balancer(balancer, hour.Hour))],
    };

    private static NodeSpan Node(NodeHour hour, DateTimeOffset start)
    {
        var node = hour.Node;
        return new(
            node.Name,
            new PricedNode
            {
                Pool = NodePools.PoolOf(node), InstanceType = node.InstanceType, Region = node.Region, IsSpot = node.IsSpot, GpuModel = NodePools.GpuModelOf(node), Labels = node.Labels.Values,
                CpuCores = node.Cores, RamBytes = node.RamBytes, Gpus = node.Gpus,
            },
            start, start.AddSeconds(hour.Seconds)) { ProviderId = node.ProviderId };
    }

    private static ContainerSpan Container(ContainerHour hour, PodMetadata metadata) => new(hour.Pod.Uid, metadata.Of(hour.Pod, hour.Container), hour.Start, hour.End)
    {
        RunningHours = hour.Seconds / 3600,
        Cpu = Use(hour.Cpu, hour),
        Ram = Use(hour.Ram, hour),
        Gpu = Use(hour.Gpu, hour),
        ReceiveBytes = hour.BytesReceived,
        TransferBytes = hour.BytesSent,
        Peak = new(hour.Cpu.PeakUsed, hour.Ram.PeakUsed),
    };

    /// <summary>Usage is averaged over the time in which it was measured.</summary>
    private static ResourceUse Use(ResourceTime time, ContainerHour hour) => hour.Seconds <= 0
        ? default
        : new(time.Allocated / hour.Seconds, time.Requested / hour.Seconds, hour.MeasuredSeconds > 0 ? time.Used / hour.MeasuredSeconds : 0);

    private static VolumeSpan Volume(VolumeHour hour, DateTimeOffset start) => new(
        hour.Volume.Name, hour.Volume.Bytes, start, start.AddSeconds(hour.Seconds), Parts(hour.PodSeconds, hour.UnmountedSeconds, hour.Seconds))
    {
        UsedByteHours = hour.UsedByteSeconds / 3600, StorageClass = hour.Volume.StorageClass, ProviderId = hour.Volume.ProviderId, ClaimNamespace = hour.Volume.Claim?.Namespace ?? "", ClaimName = hour.Volume.Claim?.Name ?? "",
    };

    /// <summary>One rule, as clouds bill small ones.</summary>
    private static BalancerSpan Balancer(BalancerHour hour, DateTimeOffset start) => new(
        hour.Service.Key.Namespace, hour.Service.Key.Name, start, start.AddSeconds(hour.Seconds), Parts(hour.PodSeconds, hour.IdleSeconds, hour.Seconds)) { Ip = hour.Service.Address };

    private static Dictionary<string, double> Parts(IReadOnlyDictionary<string, double> pods, double nobody, double seconds)
    {
        var parts = pods.ToDictionary(pod => pod.Key, pod => pod.Value / seconds);
        if (nobody > 0)
            parts[AllocationKeys.Unmounted] = nobody / seconds;
        return parts;
    }
}
