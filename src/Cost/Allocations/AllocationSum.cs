using System.Runtime.InteropServices;

namespace Fleet.Cost.Allocations;

/// <summary>
/// Adds allocations by OpenCost's rule: costs and hours add; averages are weighted by the minutes of their parts over the span from the first start to the last end;
/// peaks vanish; of the properties only what all have in common stays. A single allocation stays as it is.
/// </summary>
internal sealed class AllocationSum(AllocationKind firstKind, bool withMetadata)
{
    private AllocationKind kind = firstKind;
    private Allocation? first;
    private int count;
    private AllocationProperties properties = new();
    private QueryWindow window;
    private DateTimeOffset start;
    private DateTimeOffset end;
    private ComputeTotal cpu;
    private ComputeTotal gpu;
    private ComputeTotal ram;
    private NetworkAmount network;
    private double loadBalancerCost;
    private double loadBalancerCostAdjustment;
    private double volumeCostAdjustment;
    private double sharedCost;
    private double externalCost;
    private MissingPrice missing;
    private Shares<VolumeKey, VolumeShare> volumes;
    private Shares<string, LoadBalancerShare> loadBalancers;
    private Shares<string, AssetShare> assetShares;
    private Dictionary<string, SharedCostPart>? sharedParts;

    public bool IsEmpty => count == 0;

    public static AllocationSum In(Dictionary<string, AllocationSum> sums, string key, AllocationKind kind, bool withMetadata)
    {
        ref var sum = ref CollectionsMarshal.GetValueRefOrAddDefault(sums, key, out _);
        return sum ??= new(kind, withMetadata);
    }

    public void Add(Allocation part)
    {
        if (count++ == 0)
        {
            first = part;
            properties = part.Properties;
            (window, start, end) = (part.Window, part.Start, part.End);
        }
        else
        {
            properties = Common(properties, part.Properties);
            window = window.Expand(part.Window);
            start = part.Start < start ? part.Start : start;
            end = part.End > end ? part.End : end;
        }
        // A volume without a pod in a row of workloads makes it no less a row of workloads; what is nobody's stays nobody's.
        if (part.Kind != kind && kind is not (AllocationKind.Idle or AllocationKind.Shared))
            kind = AllocationKind.Workload;
        var hours = part.Hours;
        cpu.Add(part.Cpu, hours);
        gpu.Add(part.Gpu, hours);
        ram.Add(part.Ram, hours);
        network += part.Network;
        loadBalancerCost += part.LoadBalancerCost;
        loadBalancerCostAdjustment += part.LoadBalancerCostAdjustment;
        volumeCostAdjustment += part.VolumeCostAdjustment;
        sharedCost += part.SharedCost;
        externalCost += part.ExternalCost;
        missing |= part.MissingPrice;
        volumes.Add(part.Volumes, static (known, share) => known + share);
        loadBalancers.Add(part.LoadBalancers, static (known, share) => known.Plus(share));
        assetShares.Add(part.AssetShares, static (known, share) => known with { Costs = known.Costs + share.Costs });
        foreach (var (key, share) in part.SharedParts)
            AddSharedPart(key, share);
    }

    public void AddSharedCost(double cost) => sharedCost += cost;

    public void AddSharedPart(string name, SharedCostPart part) => (sharedParts ??= [])[name] = sharedParts.GetValueOrDefault(name) + part;

    public Allocation ToAllocation(string name)
    {
        var hours = (end - start).TotalHours;
        var sum = new Allocation
        {
            Name = name,
            Kind = kind,
            Properties = withMetadata || count > 1 ? properties : properties with { Labels = NoMetadata, Annotations = NoMetadata },
            Window = window,
            Start = start,
            End = end,
            Cpu = cpu.Over(hours),
            Gpu = gpu.Over(hours),
            Ram = ram.Over(hours),
            Network = network,
            LoadBalancerCost = loadBalancerCost,
            LoadBalancerCostAdjustment = loadBalancerCostAdjustment,
            VolumeCostAdjustment = volumeCostAdjustment,
            SharedCost = sharedCost,
            ExternalCost = externalCost,
            MissingPrice = missing,
            Peak = count == 1 ? first!.Peak : null,
        };
        return sum with
        {
            Volumes = volumes.Sum ?? sum.Volumes,
            LoadBalancers = loadBalancers.Sum ?? sum.LoadBalancers,
            SharedParts = sharedParts ?? sum.SharedParts,
            AssetShares = assetShares.Sum ?? sum.AssetShares,
        };
    }

    private static readonly IReadOnlyDictionary<string, string> NoMetadata = new Dictionary<string, string>();

    /// <summary>A controller that was exchanged under the same container has the name that sorts first, so that the order of adding does not matter.</summary>
    private AllocationProperties Common(AllocationProperties one, AllocationProperties other)
    {
        var common = one.Intersect(other, withMetadata);
        if (one.Controller == other.Controller || one.Container.Length == 0
            || (one.Cluster, one.Node, one.Namespace, one.Pod, one.Container) != (other.Cluster, other.Node, other.Namespace, other.Pod, other.Container))
            return common;
        return common with
        {
            Controller = one.Controller.Length == 0 ? other.Controller
                : other.Controller.Length == 0 ? one.Controller
                : string.CompareOrdinal(one.Controller, other.Controller) < 0 ? one.Controller : other.Controller,
        };
    }

    /// <summary>What only one part has is taken as it is and not copied.</summary>
    private struct Shares<TKey, TShare> where TKey : notnull
    {
        private Dictionary<TKey, TShare>? own;

        public IReadOnlyDictionary<TKey, TShare>? Sum { get; private set; }

        public void Add(IReadOnlyDictionary<TKey, TShare> part, Func<TShare, TShare, TShare> plus)
        {
            if (part.Count == 0)
                return;
            if (Sum is null)
            {
                Sum = part;
                return;
            }
            Sum = own ??= new(Sum);
            foreach (var (key, share) in part)
            {
                ref var known = ref CollectionsMarshal.GetValueRefOrAddDefault(own, key, out var isKnown);
                known = isKnown ? plus(known!, share) : share;
            }
        }
    }

    /// <summary>Averages are kept as their integral over time, in U × hours.</summary>
    private struct ComputeTotal
    {
        private double unitHours;
        private double requestHours;
        private double usageHours;
        private double cost;
        private double adjustment;
        private double idle;

        public void Add(ComputeAmount part, double hours)
        {
            unitHours += part.Hours;
            requestHours += part.RequestAverage * hours;
            usageHours += part.UsageAverage * hours;
            cost += part.Cost;
            adjustment += part.CostAdjustment;
            idle += part.CostIdle;
        }

        public readonly ComputeAmount Over(double hours) => new()
        {
            Hours = unitHours,
            RequestAverage = hours > 0 ? requestHours / hours : 0,
            UsageAverage = hours > 0 ? usageHours / hours : 0,
            Cost = cost,
            CostAdjustment = adjustment,
            CostIdle = idle,
        };
    }
}
