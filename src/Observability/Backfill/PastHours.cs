using Fleet.Cost.Allocations;
using Fleet.Observability.Clusters;
using Fleet.Observability.Hours;
using Fleet.Observability.Objects;

namespace Fleet.Observability.Backfill;

/// <summary>Hours as looks would have made them: machines, disks and load balancers as they are now, pods as they were. Pure.</summary>
internal static class PastHours
{
    private const double Hour = 3600;

    /// <param name="window">Full hours.</param>
    public static IReadOnlyList<ClusterHour> Of(ClusterSnapshot now, IEnumerable<PastPodUsage> pods, QueryWindow window)
    {
        var known = pods.Select(pod => (Row: PodRow.Of(pod.Pod), Past: pod)).ToList();
        return [.. window.Steps(TimeSpan.FromHours(1)).Select(hour => Of(now, known, hour))];
    }

    private static ClusterHour Of(ClusterSnapshot now, IReadOnlyList<(PodRow Row, PastPodUsage Past)> pods, QueryWindow window)
    {
        var hour = new ClusterHour(window.Start) { SeenSeconds = Hour, InferredSeconds = Hour };
        var present = pods.Select(pod => (pod.Row, pod.Past, Span: window.Intersect(new(pod.Past.Started, pod.Past.Ended)))).Where(pod => pod.Span is not null).ToList();
        var used = present.SelectMany(pod => UsagesOf(pod.Row, pod.Past, pod.Span!.Value)).ToList();
        foreach (var node in used.GroupBy(container => container.Pod.Node))
            AddContainers(hour, [.. node], now.Nodes.FirstOrDefault(known => known.Name == node.Key));
        foreach (var node in now.Nodes)
            hour.Nodes[node.Uid] = new(node) { Seconds = Hour };
        foreach (var volume in now.Volumes)
        {
            var part = hour.Volumes[volume.Uid] = new(volume) { Seconds = Hour };
            part.UnmountedSeconds = Share(part.PodSeconds, present.Where(pod => volume.Claim is { } claim && pod.Row.Key.Namespace == claim.Namespace && pod.Row.Claims.Contains(claim.Name)).Select(Seconds));
        }
        foreach (var service in now.Services.Where(service => service is { IsLoadBalancer: true, Address.Length: > 0 }))
        {
            var part = hour.Balancers[service.Uid] = new(service) { Seconds = Hour };
            part.IdleSeconds = Share(part.PodSeconds, present.Where(pod => service.Selects(pod.Row)).Select(Seconds));
        }
        return hour;

        static (string, double) Seconds((PodRow Row, PastPodUsage Past, QueryWindow? Span) pod) => (pod.Row.Uid, pod.Span!.Value.Duration.TotalSeconds);
    }

    private static IEnumerable<ContainerUse> UsagesOf(PodRow row, PastPodUsage past, QueryWindow span) =>
        row.Containers.Zip(past.Usage, (container, usage) => new ContainerUse(row, container, span, span.Duration.TotalSeconds, usage(span.Start, span.End)));

    /// <summary>What runs on a machine cannot use more than it has: what would be beyond what is requested is cut, of each by the same part.</summary>
    private static void AddContainers(ClusterHour hour, IReadOnlyList<ContainerUse> used, NodeRow? node)
    {
        var cpu = PartOfExcess(used, one => one.Container.CpuRequest, one => one.Past.CpuSeconds / one.Seconds, node?.Cores);
        var ram = PartOfExcess(used, one => one.Container.RamRequest, one => one.Past.RamByteSeconds / one.Seconds, node?.RamBytes);
        foreach (var one in used)
        {
            var (container, seconds, past) = (one.Container, one.Seconds, one.Past);
            var added = hour.Containers[new(one.Pod.Uid, container.Name)] = new(one.Pod, container.Name)
            {
                Start = one.Span.Start, End = one.Span.End, Seconds = seconds, MeasuredSeconds = seconds, BytesReceived = past.BytesReceived, BytesSent = past.BytesSent,
            };
            added.Cpu.Add(seconds, container.CpuRequest, Cut(past.CpuSeconds / seconds, container.CpuRequest, cpu), past.CpuCoresMost);
            added.Ram.Add(seconds, container.RamRequest, Cut(past.RamByteSeconds / seconds, container.RamRequest, ram), past.RamBytesMost);
            added.Gpu.Add(seconds, container.GpuRequest, null);
        }

        static double Cut(double used, double requested, double part) => used <= requested ? used : requested + (used - requested) * part;
    }

    /// <summary>Which part of what is used beyond the requests there is room for.</summary>
    private static double PartOfExcess(IReadOnlyList<ContainerUse> used, Func<ContainerUse, double> requested, Func<ContainerUse, double> usage, double? most)
    {
        var excess = used.Sum(one => Math.Max(0, usage(one) - requested(one)) * one.Seconds);
        return most is { } has && excess > 0 ? Math.Clamp((has * Hour - used.Sum(one => requested(one) * one.Seconds)) / excess, 0, 1) : 1;
    }

    private sealed record ContainerUse(PodRow Pod, ContainerRow Container, QueryWindow Span, double Seconds, PastUsage Past);

    /// <summary>Gives each pod its part of the hour; what nobody takes is returned.</summary>
    private static double Share(Dictionary<string, double> shares, IEnumerable<(string Pod, double Seconds)> pods)
    {
        var found = pods.ToList();
        var total = found.Sum(pod => pod.Seconds);
        var taken = Math.Min(total, Hour);
        foreach (var (pod, seconds) in found)
            shares[pod] = shares.GetValueOrDefault(pod) + seconds * taken / total;
        return Hour - taken;
    }
}
