using Fleet.Cost.Allocations;
using Fleet.Cost.Assets;
using Fleet.Cost.Idle;
using Fleet.Cost.Invariant;
using Fleet.Cost.Prices;

namespace Fleet.Cost.Pricing;

/// <summary>
/// Prices what a cluster used. Prices are those at the start of the window, so windows are hours: a price that changes within one counts from the next. Only prices in the
/// currency of the cluster's first sheet are taken; others, and missing ones, mark the rows that need them. Pure.
/// </summary>
public static class ClusterPricer
{
    public static PricedCluster Price(ClusterUsage usage, PriceBook book)
    {
        var prices = new WindowPrices(book, usage.Window.Start);
        var nodes = usage.Nodes.GroupBy(node => node.Name).ToDictionary(group => group.Key, group => prices.OfNode(group.Last().Machine));
        var disks = usage.Volumes.Select(volume => Disk(usage.Cluster, volume, prices)).ToList();
        var balancers = usage.LoadBalancers.Select(balancer => Balancer(usage.Cluster, balancer, prices)).ToList();
        var containersOf = usage.Containers.GroupBy(container => container.PodId).ToDictionary(group => group.Key, group => group.Count());

        var perPod = new Dictionary<string, PodShares>();
        var unmounted = new List<Allocation>();
        foreach (var (span, disk) in usage.Volumes.Zip(disks))
            Spread(span.Parts, containersOf, (pod, part) => SharesOf(perPod, pod).Volumes.Add((disk, part)), part => unmounted.Add(Unmounted(usage, disk, part)));
        foreach (var (span, balancer) in usage.LoadBalancers.Zip(balancers))
            Spread(span.Parts, containersOf, (pod, part) => SharesOf(perPod, pod).Balancers.Add((balancer, part)), part => unmounted.Add(Unmounted(usage, balancer, part)));

        var workloads = usage.Containers.Select(container => Container(
            usage, container, nodes.GetValueOrDefault(container.Properties.Node, NodePrices.None), prices, perPod.GetValueOrDefault(container.PodId), containersOf[container.PodId])).ToList();
        var assets = new AssetSet(usage.Window, prices.Currency)
        {
            Nodes = [.. usage.Nodes.Select(node => Node(usage.Cluster, node, nodes[node.Name]))],
            Disks = disks,
            LoadBalancers = balancers,
            Networks = Network(usage, workloads),
            ClusterManagement = prices.Management is { } fee
                ? [new() { Cluster = usage.Cluster, Start = usage.Window.Start, End = usage.Window.End, HourPrice = fee.Amount }]
                : [],
        };
        var set = new AllocationSet(usage.Window, workloads.Concat(unmounted), prices.Currency);
        var idle = IdleCalculator.Of(assets, set, byNode: true);
        return new(assets, set, idle, CostInvariant.Check(assets, set, idle));
    }

    private static NodeAsset Node(string cluster, NodeSpan node, NodePrices prices) => new()
    {
        Cluster = cluster,
        Name = node.Name,
        ProviderId = node.ProviderId,
        InstanceType = node.Machine.InstanceType,
        Pool = node.Machine.Pool,
        IsSpot = node.Machine.IsSpot,
        Labels = node.Machine.Labels,
        Start = node.Start,
        End = node.End,
        CpuCoreHours = node.Machine.CpuCores * node.Hours,
        RamByteHours = node.Machine.RamBytes * node.Hours,
        GpuHours = node.Machine.Gpus * node.Hours,
        CpuCost = node.Machine.CpuCores * node.Hours * prices.Rates.CpuCoreHour,
        RamCost = node.Machine.RamBytes / CostUnits.BytesPerGiB * node.Hours * prices.Rates.RamGiBHour,
        GpuCost = node.Machine.Gpus * node.Hours * prices.Rates.GpuHour,
        Discount = prices.Discount,
        Adjustment = node.Adjustment,
        MissingPrice = prices.MissingOf(node.Machine.Gpus),
    };

    private static DiskAsset Disk(string cluster, VolumeSpan volume, WindowPrices prices)
    {
        var price = prices.OfStorage(volume.StorageClass);
        return new()
        {
            Cluster = cluster,
            Name = volume.Name,
            ProviderId = volume.ProviderId,
            StorageClass = volume.StorageClass,
            ClaimNamespace = volume.ClaimNamespace,
            ClaimName = volume.ClaimName,
            Start = volume.Start,
            End = volume.End,
            ByteHours = volume.Bytes * volume.Hours,
            ByteHoursUsed = volume.UsedByteHours,
            Cost = DiskAsset.CostOf(volume.Bytes, volume.Hours, price?.Amount ?? 0),
            MissingPrice = price is null ? MissingPrice.Volume : MissingPrice.None,
        };
    }

    private static LoadBalancerAsset Balancer(string cluster, BalancerSpan balancer, WindowPrices prices) => new()
    {
        Cluster = cluster,
        Namespace = balancer.Namespace,
        Service = balancer.Service,
        Ip = balancer.Ip,
        IsPrivate = balancer.IsPrivate,
        Start = balancer.Start,
        End = balancer.End,
        Rules = balancer.Rules,
        RuleHourPrice = prices.LoadBalancerHour?.Amount ?? 0,
        IngressBytes = balancer.IngressBytes,
        IngressGiBPrice = prices.LoadBalancerIngress?.Amount ?? 0,
        MissingPrice = prices.LoadBalancerHour is null ? MissingPrice.LoadBalancer : MissingPrice.None,
    };

    private static Allocation Container(ClusterUsage usage, ContainerSpan span, NodePrices node, WindowPrices prices, PodShares? shares, int containers)
    {
        var properties = span.Properties with { Cluster = usage.Cluster };
        var network = NetworkAmount.OfEgress(
            span.CrossZoneBytes, span.CrossRegionBytes, span.InternetBytes, prices.CrossZone?.Amount ?? 0, prices.CrossRegion?.Amount ?? 0, prices.Internet?.Amount ?? 0)
            .WithUnknown(span.UnknownEgressBytes, prices.Egress?.Amount ?? 0) with { TransferBytes = span.TransferBytes, ReceiveBytes = span.ReceiveBytes };
        var paid = 1 - node.Discount;
        var allocation = new Allocation
        {
            Name = $"{usage.Cluster}/{properties.Namespace}/{properties.Pod}/{span.PodId}/{properties.Container}",
            Properties = properties,
            Window = usage.Window,
            Start = span.Start,
            End = span.End,
            Cpu = Amount(span.Cpu, span, node.Rates.CpuCoreHour * paid),
            Ram = Amount(span.Ram, span, node.Rates.RamGiBHour * paid / CostUnits.BytesPerGiB),
            Gpu = Amount(span.Gpu, span, node.Rates.GpuHour),
            Network = network,
            Peak = span.Peak,
            MissingPrice = node.MissingOf(ComputeAmount.Billed(span.Gpu.Allocated, span.Gpu.Requested)) | prices.MissingOf(span),
        };
        if (shares is null)
            return allocation;
        // As in OpenCost what belongs to a pod belongs to its containers in equal parts.
        return allocation with
        {
            Volumes = shares.Volumes.ToDictionary(
                share => share.Disk.Key, share => new VolumeShare(share.Disk.ByteHours * share.Part / containers, share.Disk.Cost * share.Part / containers, share.Disk.ProviderId)),
            LoadBalancers = shares.Balancers.ToDictionary(
                share => share.Balancer.Key,
                share => new LoadBalancerShare($"{share.Balancer.Namespace}/{share.Balancer.Service}", share.Balancer.Cost * share.Part / containers, share.Balancer.Hours * share.Part / containers)
                {
                    Ip = share.Balancer.Ip,
                    IsPrivate = share.Balancer.IsPrivate,
                }),
            LoadBalancerCost = shares.Balancers.Sum(share => share.Balancer.Cost * share.Part / containers),
            MissingPrice = shares.Volumes.Aggregate(allocation.MissingPrice, (missing, share) => missing | share.Disk.MissingPrice)
                | shares.Balancers.Aggregate(MissingPrice.None, (missing, share) => missing | share.Balancer.MissingPrice),
        };
    }

    private static ComputeAmount Amount(ResourceUse use, ContainerSpan span, double price)
    {
        var amount = ComputeAmount.Of(use.Allocated, use.Requested, use.Used, span.Hours, price);
        // Averages are over the span, and a container that restarted did not run in all of it.
        var ran = (span.End - span.Start).TotalHours is > 0 and var hours ? span.Hours / hours : 1;
        return amount with { RequestAverage = amount.RequestAverage * ran, UsageAverage = amount.UsageAverage * ran };
    }

    private static IReadOnlyList<NetworkAsset> Network(ClusterUsage usage, IReadOnlyList<Allocation> workloads)
    {
        var cost = workloads.Sum(workload => workload.Network.Cost);
        return cost == 0 ? [] :
        [
            new()
            {
                Cluster = usage.Cluster,
                Start = usage.Window.Start,
                End = usage.Window.End,
                Cost = cost,
                EgressBytes = usage.Containers.Sum(container => container.CrossZoneBytes + container.CrossRegionBytes + container.InternetBytes + container.UnknownEgressBytes),
            },
        ];
    }

    /// <summary>What belongs to pods that nothing was seen of is nobody's: their volumes would otherwise be paid for by no one.</summary>
    private static void Spread(IReadOnlyDictionary<string, double> parts, Dictionary<string, int> pods, Action<string, double> toPod, Action<double> toNobody)
    {
        var nobodys = 0.0;
        foreach (var (pod, part) in parts)
            if (pods.ContainsKey(pod))
                toPod(pod, part);
            else
                nobodys += part;
        if (nobodys > 0)
            toNobody(nobodys);
    }

    private static Allocation Unmounted(ClusterUsage usage, DiskAsset disk, double part) => Unmounted(usage, disk.ClaimNamespace) with
    {
        Volumes = new Dictionary<VolumeKey, VolumeShare> { [disk.Key] = new(disk.ByteHours * part, disk.Cost * part, disk.ProviderId) },
        MissingPrice = disk.MissingPrice,
    };

    private static Allocation Unmounted(ClusterUsage usage, LoadBalancerAsset balancer, double part) => Unmounted(usage, balancer.Namespace) with
    {
        LoadBalancerCost = balancer.Cost * part,
        LoadBalancers = new Dictionary<string, LoadBalancerShare> { [balancer.Key] = new($"{balancer.Namespace}/{balancer.Service}", balancer.Cost * part, balancer.Hours * part) },
        MissingPrice = balancer.MissingPrice,
    };

    private static Allocation Unmounted(ClusterUsage usage, string @namespace)
    {
        var name = @namespace.Length > 0 ? @namespace : AllocationKeys.Unmounted;
        return new()
        {
            Name = $"{usage.Cluster}/{name}/{AllocationKeys.Unmounted}",
            Kind = AllocationKind.Unmounted,
            Properties = new() { Cluster = usage.Cluster, Namespace = name, Pod = AllocationKeys.Unmounted, Container = AllocationKeys.Unmounted },
            Window = usage.Window,
            Start = usage.Window.Start,
            End = usage.Window.End,
        };
    }

    private static PodShares SharesOf(Dictionary<string, PodShares> shares, string pod)
    {
        if (!shares.TryGetValue(pod, out var found))
            shares[pod] = found = new([], []);
        return found;
    }

    private sealed record PodShares(List<(DiskAsset Disk, double Part)> Volumes, List<(LoadBalancerAsset Balancer, double Part)> Balancers);
}
