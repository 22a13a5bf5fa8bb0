using System.Text.Json.Nodes;
using Fleet.ControlPlane.Machinery;
using Fleet.ControlPlane.Simulation.Objects;
using Fleet.ControlPlane.Simulation.Pods;
using Fleet.ControlPlane.Simulation.Usage;
using Fleet.Kubernetes.Objects;

namespace Fleet.ControlPlane.Simulation.Kubelets;

/// <summary>Reads a simulated cluster as kubelets measure it. Everything is computed from the objects and the time; only counters of nodes are kept.</summary>
internal sealed class KubeletReader(NodeMeters meters)
{
    private const double Mebi = 1024 * 1024;

    /// <summary>Rates are averages over so long.</summary>
    public static readonly TimeSpan Window = TimeSpan.FromSeconds(15);

    private readonly ThrottledTime throttled = new();

    /// <param name="cluster">The cluster.</param>
    /// <param name="node">The node.</param>
    /// <param name="pods">What is on it.</param>
    /// <param name="time">When it is measured.</param>
    /// <param name="counters">Whether its own counters are asked for, which takes a meter; without, they are 0.</param>
    public NodeReading Node(IClusterApi cluster, JsonObject node, IEnumerable<JsonObject> pods, DateTimeOffset time, bool counters = true)
    {
        var fault = cluster.Fault?.Metrics;
        var machine = Machine(node);
        var seen = Running(cluster, pods, time);
        var share = ShareOf(machine, seen);
        var lacking = counters ? throttled.Advance(cluster, node.Uid(), machine.Cores, time, Throttled(seen)) : Nothing;
        var readings = seen.Select(p => Pod(cluster, p, time, share, lacking)).ToList();
        var system = Daemons(cluster, node, machine);
        var (cpuSeconds, received, sent) = !counters ? default : meters.Advance(cluster, node.Uid(), time, ResetAt(fault, time), (from, to) =>
        {
            var cpu = system.CpuSeconds(from, to) + seen.Sum(p => p.Containers.Sum(c => c.Usage.CpuSeconds(Later(p.Started, from), to)));
            var networks = seen.Where(p => !p.HostNetwork).ToList();
            return (Math.Min(cpu, machine.Cores * (to - from).TotalSeconds),
                networks.Sum(p => p.Containers.Sum(c => c.Usage.BytesReceived(Later(p.Started, from), to))),
                networks.Sum(p => p.Containers.Sum(c => c.Usage.BytesSent(Later(p.Started, from), to))));
        });
        return new()
        {
            Name = node.NameOf(),
            Time = Shown(fault, time),
            Started = Shown(fault, node.CreatedAt()),
            Machine = machine,
            Used = new(
                Math.Min(Rate(system, time) + readings.Sum(p => p.Used.CpuCores), machine.Cores),
                cpuSeconds,
                Math.Min(system.WorkingSetBytes(time, time) + readings.Sum(p => p.Used.WorkingSetBytes), machine.MemoryBytes),
                received, sent),
            Pods = readings,
        };
    }

    /// <summary>The pods of these that run, measured; all pods of their nodes have to be among them, since they share what there is. Counters are as if each were alone.</summary>
    public static IReadOnlyList<PodReading> Pods(IClusterApi cluster, IEnumerable<JsonObject> pods, DateTimeOffset time)
    {
        var running = Running(cluster, pods, time);
        var shares = running.GroupBy(NodeOf).ToDictionary(
            group => group.Key, group => cluster.Get(CoreKinds.Node, ObjectKey.Cluster(group.Key)) is { } node ? ShareOf(Machine(node), [.. group]) : NodeShare.Whole);
        return [.. running.Select(pod => Pod(cluster, pod, time, shares[NodeOf(pod)], Nothing))];

        static string NodeOf(RunningPod pod) => pod.Object.Text("spec", "nodeName") ?? "";
    }

    /// <summary>Whether anybody can reach its kubelet.</summary>
    public static bool IsReachable(JsonObject node) => node.FindCondition("Ready")?.Text("status") is not ("Unknown" or "False");

    private static readonly Dictionary<string, double> Nothing = [];

    private static NodeShare ShareOf(NodeMachine machine, IReadOnlyList<RunningPod> pods) =>
        NodeShare.Of(machine.Cores, machine.MemoryBytes, [.. pods.SelectMany(p => p.Containers).Select(c => (c.Usage.Load, c.Cores, c.Sample.WorkingSetBytes))]);

    private static List<ThrottledContainer> Throttled(List<RunningPod> pods) =>
        [.. pods.SelectMany(pod => pod.Containers.Select(c => new ThrottledContainer(Key(pod, c), c.Since, pod.Object.Uid(), pod.Since, c.Usage)))];

    /// <summary>Its own id is that of its image: two pods of a workload have the same.</summary>
    private static string Key(RunningPod pod, RunningContainer container) => $"{pod.Object.Uid()}/{container.Name}";

    private static PodReading Pod(IClusterApi cluster, RunningPod pod, DateTimeOffset time, NodeShare share, IReadOnlyDictionary<string, double> lacking)
    {
        var fault = cluster.Fault?.Metrics;
        var containers = pod.Containers.Select(c => new ContainerReading(c.Name, c.Image, c.Id, Shown(fault, c.Sample.Started),
            new(share.Cores(c.Usage.Load, c.Cores), c.Usage.CpuSeconds(c.Since, time) - lacking.GetValueOrDefault(Key(pod, c)), share.Bytes(c.Usage.Load, c.Sample.WorkingSetBytes)), c.Usage.Load)).ToList();
        return new()
        {
            Namespace = pod.Object.NamespaceOf(),
            Name = pod.Object.NameOf(),
            Uid = pod.Object.Uid(),
            QosClass = pod.Object.Text("status", "qosClass") ?? PodStatuses.QosClass(pod.Object),
            HostNetwork = pod.HostNetwork,
            Started = Shown(fault, pod.Started),
            Containers = containers,
            Volumes = [.. Volumes(cluster, pod.Object, time)],
            Used = new(
                containers.Sum(c => c.Used.CpuCores),
                pod.Containers.Sum(c => c.Usage.CpuSeconds(pod.Since, time)) - lacking.GetValueOrDefault(pod.Object.Uid()),
                containers.Sum(c => c.Used.WorkingSetBytes),
                pod.HostNetwork ? 0 : pod.Containers.Sum(c => c.Usage.BytesReceived(pod.Since, time)),
                pod.HostNetwork ? 0 : pod.Containers.Sum(c => c.Usage.BytesSent(pod.Since, time))),
        };
    }

    private static List<RunningPod> Running(IClusterApi cluster, IEnumerable<JsonObject> pods, DateTimeOffset time)
    {
        var spaces = PodLoads.Namespaces(cluster);
        var resets = ResetAt(cluster.Fault?.Metrics, time);
        var running = new List<RunningPod>();
        foreach (var pod in pods.Where(p => p.Text("status", "phase") == "Running"))
        {
            var loads = PodLoads.Of(cluster.Name, pod, spaces(pod.NamespaceOf()));
            var containers = new List<RunningContainer>();
            foreach (var (container, usage) in pod.Items("spec", "containers").Zip(loads))
            {
                var status = pod.Items("status", "containerStatuses").FirstOrDefault(s => s.Text("name") == container.Text("name"));
                if (status?.Time("state", "running", "startedAt") is not { } started)
                    continue;
                var sample = usage.At(started, time);
                containers.Add(new(
                    container.Text("name") ?? "", container.Text("image") ?? "", status.Text("containerID")?.Split("//")[^1] ?? "", usage, Later(sample.Started, resets), Rate(usage, time), sample));
            }
            if (containers.Count > 0)
            {
                var begun = pod.Time("status", "startTime") ?? pod.CreatedAt();
                running.Add(new(pod, begun, Later(begun, resets), pod.Flag("spec", "hostNetwork"), containers));
            }
        }
        return running;
    }

    private static IEnumerable<VolumeReading> Volumes(IClusterApi cluster, JsonObject pod, DateTimeOffset time)
    {
        foreach (var volume in pod.Items("spec", "volumes"))
        {
            if (volume.Text("persistentVolumeClaim", "claimName") is not { } name
                || cluster.Get(CoreKinds.PersistentVolumeClaim, new(pod.NamespaceOf(), name)) is not { } claim)
                continue;
            var capacity = (double)Quantities.Units(claim.Text("status", "capacity", "storage") ?? claim.At("spec", "resources", "requests", "storage")?.ToString());
            yield return new(volume.Text("name") ?? "", name, capacity, VolumeUsage.UsedBytes(cluster.Name, pod.NamespaceOf(), name, capacity, time));
        }
    }

    /// <summary>Kubelet, runtime and system daemons.</summary>
    private static ContainerUsage Daemons(IClusterApi cluster, JsonObject node, NodeMachine machine) => new(new()
    {
        Workload = $"{cluster.Name}/{node.NameOf()}",
        Container = $"{cluster.Name}/{node.NameOf()}/system",
        CpuRequest = 0.1 + 0.01 * machine.Cores,
        MemoryRequest = 700 * Mebi + machine.MemoryBytes / 100,
    });

    private static NodeMachine Machine(JsonObject node) => new(
        Quantities.Milli(node.Text("status", "capacity", "cpu")) / 1_000d,
        Quantities.Units(node.Text("status", "capacity", "memory")),
        Quantities.Units(node.Text("status", "capacity", "ephemeral-storage")),
        node.Text("status", "nodeInfo", "kubeletVersion") ?? "",
        node.Text("status", "nodeInfo", "bootID") ?? "",
        node.Text("status", "nodeInfo", "machineID") ?? "",
        node.Text("status", "nodeInfo", "systemUUID") ?? "");

    private static double Rate(ContainerUsage usage, DateTimeOffset time) => usage.CpuSeconds(time - Window, time) / Window.TotalSeconds;

    private static DateTimeOffset? ResetAt(MetricsFault? fault, DateTimeOffset time) =>
        fault?.ResetEvery is { } every && every > TimeSpan.Zero ? new DateTimeOffset(time.UtcTicks - time.UtcTicks % every.Ticks, TimeSpan.Zero) : null;

    private static DateTimeOffset Later(DateTimeOffset time, DateTimeOffset? other) => other > time ? other.Value : time;

    private static DateTimeOffset Shown(MetricsFault? fault, DateTimeOffset time) => time + (fault?.ClockSkew ?? TimeSpan.Zero);

    private sealed record RunningPod(JsonObject Object, DateTimeOffset Started, DateTimeOffset Since, bool HostNetwork, IReadOnlyList<RunningContainer> Containers);

    /// <param name="Since">From when on its counters count.</param>
    /// <param name="Cores">What it would use were it alone, as <paramref name="Sample"/>.</param>
    private sealed record RunningContainer(string Name, string Image, string Id, ContainerUsage Usage, DateTimeOffset Since, double Cores, UsageSample Sample);
}
