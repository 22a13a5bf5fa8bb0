using System.Text.Json.Nodes;
using Fleet.ControlPlane.Machinery;
using Fleet.ControlPlane.Simulation.Objects;
using Fleet.ControlPlane.Simulation.Pods;
using Fleet.ControlPlane.Simulation.Usage;

namespace Fleet.ControlPlane.Simulation.Kubelets;

/// <summary>Reads a simulated cluster as kubelets measure it. Everything is computed from the objects and the time; only counters of nodes are kept.</summary>
internal sealed class KubeletReader(NodeMeters meters)
{
    private const double Mebi = 1024 * 1024;

    /// <summary>Rates are averages over so long.</summary>
    public static readonly TimeSpan Window = TimeSpan.FromSeconds(15);

    /// <param name="cluster">The cluster.</param>
    /// <param name="node">The node.</param>
    /// <param name="pods">What is on it.</param>
    /// <param name="time">When it is measured.</param>
    /// <param name="counters">Whether its own counters are asked for, which takes a meter; without, they are 0.</param>
    public NodeReading Node(IClusterApi cluster, JsonObject node, IEnumerable<JsonObject> pods, DateTimeOffset time, bool counters = true)
    {
        var fault = cluster.Fault?.Metrics;
        var machine = Machine(node);
        var seen = Running(cluster, pods);
        var readings = seen.Select(p => Pod(cluster, p, time)).ToList();
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

    /// <summary>The pods of these that run, measured.</summary>
    public static IReadOnlyList<PodReading> Pods(IClusterApi cluster, IEnumerable<JsonObject> pods, DateTimeOffset time) =>
        [.. Running(cluster, pods).Select(p => Pod(cluster, p, time))];

    /// <summary>Whether anybody can reach its kubelet.</summary>
    public static bool IsReachable(JsonObject node) => node.FindCondition("Ready")?.Text("status") is not ("Unknown" or "False");

    private static PodReading Pod(IClusterApi cluster, RunningPod pod, DateTimeOffset time)
    {
        var fault = cluster.Fault?.Metrics;
        var resets = ResetAt(fault, time);
        var start = Later(pod.Started, resets);
        var containers = pod.Containers.Select(c =>
        {
            var sample = c.Usage.At(c.Started, time);
            return new ContainerReading(c.Name, c.Image, c.Id, Shown(fault, sample.Started),
                new(Rate(c.Usage, time), c.Usage.CpuSeconds(Later(sample.Started, resets), time), sample.WorkingSetBytes), c.Usage.Load);
        }).ToList();
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
                pod.Containers.Sum(c => c.Usage.CpuSeconds(start, time)),
                containers.Sum(c => c.Used.WorkingSetBytes),
                pod.HostNetwork ? 0 : pod.Containers.Sum(c => c.Usage.BytesReceived(start, time)),
                pod.HostNetwork ? 0 : pod.Containers.Sum(c => c.Usage.BytesSent(start, time))),
        };
    }

    private static List<RunningPod> Running(IClusterApi cluster, IEnumerable<JsonObject> pods)
    {
        var spaces = PodLoads.Namespaces(cluster);
        var running = new List<RunningPod>();
        foreach (var pod in pods.Where(p => p.Text("status", "phase") == "Running"))
        {
            var loads = PodLoads.Of(cluster.Name, pod, spaces(pod.NamespaceOf()));
            var containers = new List<RunningContainer>();
            foreach (var (container, usage) in pod.Items("spec", "containers").Zip(loads))
            {
                var status = pod.Items("status", "containerStatuses").FirstOrDefault(s => s.Text("name") == container.Text("name"));
                if (status?.Time("state", "running", "startedAt") is { } started)
                    containers.Add(new(container.Text("name") ?? "", container.Text("image") ?? "", status.Text("containerID")?.Split("//")[^1] ?? "", started, usage));
            }
            if (containers.Count > 0)
                running.Add(new(pod, pod.Time("status", "startTime") ?? pod.CreatedAt(), pod.Flag("spec", "hostNetwork"), containers));
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

    private sealed record RunningPod(JsonObject Object, DateTimeOffset Started, bool HostNetwork, IReadOnlyList<RunningContainer> Containers);

    private sealed record RunningContainer(string Name, string Image, string Id, DateTimeOffset Started, ContainerUsage Usage);
}
