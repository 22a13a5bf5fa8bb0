using Fleet.ControlPlane.Simulation.Objects;
using Fleet.ControlPlane.Simulation.Usage;

namespace Fleet.ControlPlane.Simulation.Kubelets;

/// <summary>A kubelet's <c>/metrics/cadvisor</c>, as with containerd and systemd: a row for the node, for each pod's group and for each container; network belongs to the sandbox.</summary>
internal static class CadvisorMetrics
{
    /// <summary>The kernel's accounting period for limits, in microseconds.</summary>
    private const double CfsPeriod = 100_000;

    private static readonly (string Name, string Type, string Help, (string, string)[] Extra, Func<Group, double?> Value)[] Families =
    [
        ("container_cpu_cfs_periods_total", "counter", "Periods in which the limit was looked at.", [], g => g.Load?.CpuLimit is null ? null : Math.Floor(g.Age * 10)),
        ("container_cpu_cfs_throttled_periods_total", "counter", "Periods in which the limit was hit.", [], g => g.Load?.CpuLimit is null ? null : Math.Floor(g.Used.CpuSeconds * Throttled(g) * 10)),
        ("container_cpu_cfs_throttled_seconds_total", "counter", "Time held back by the limit.", [], g => g.Load?.CpuLimit is null ? null : g.Used.CpuSeconds * Throttled(g)),
        ("container_cpu_system_seconds_total", "counter", "CPU time in the kernel.", [], g => g.Used.CpuSeconds * 0.2),
        ("container_cpu_usage_seconds_total", "counter", "CPU time.", [("cpu", "total")], g => g.Used.CpuSeconds),
        ("container_cpu_user_seconds_total", "counter", "CPU time outside of the kernel.", [], g => g.Used.CpuSeconds * 0.8),
        ("container_fs_usage_bytes", "gauge", "Bytes written to the container's own layer.", [("device", "/dev/vda1")], g => g.Load is null ? null : Math.Floor(g.Used.WorkingSetBytes / 8)),
        ("container_last_seen", "gauge", "When the container was last seen, as a unix time.", [], g => Math.Floor(g.Time.ToUnixTimeMilliseconds() / 1000d)),
        ("container_memory_cache", "gauge", "Page cache.", [], g => Math.Floor(g.Used.WorkingSetBytes * 0.3)),
        ("container_memory_rss", "gauge", "Resident memory.", [], g => Math.Floor(g.Used.WorkingSetBytes * 0.85)),
        ("container_memory_swap", "gauge", "Swapped memory.", [], _ => 0),
        ("container_memory_usage_bytes", "gauge", "Memory, with the cache.", [], g => Math.Floor(g.Used.WorkingSetBytes * 1.15)),
        ("container_memory_working_set_bytes", "gauge", "Memory that can not be taken away.", [], g => Math.Floor(g.Used.WorkingSetBytes)),
        ("container_spec_cpu_period", "gauge", "Period of the limit, in microseconds.", [], g => g.Load is null ? null : CfsPeriod),
        ("container_spec_cpu_quota", "gauge", "Limit in microseconds a period.", [], g => g.Load?.CpuLimit * CfsPeriod),
        ("container_spec_cpu_shares", "gauge", "Weight.", [], g => g.Load is null ? null : Math.Max(2, Math.Floor(g.Load.CpuRequest * 1_024))),
        ("container_spec_memory_limit_bytes", "gauge", "Limit; 0 when there is none.", [], g => g.Load is null ? null : g.Load.MemoryLimit ?? 0),
        ("container_start_time_seconds", "gauge", "When it started, as a unix time.", [], g => Math.Floor(g.Started.ToUnixTimeMilliseconds() / 1000d)),
    ];

    private static readonly (string Name, string Help, Func<Measured, double> Value)[] Networks =
    [
        ("container_network_receive_bytes_total", "Bytes received.", m => Math.Floor(m.BytesReceived)),
        ("container_network_receive_errors_total", "Errors while receiving.", _ => 0),
        ("container_network_receive_packets_total", "Packets received.", m => Math.Floor(m.BytesReceived / 900)),
        ("container_network_transmit_bytes_total", "Bytes sent.", m => Math.Floor(m.BytesSent)),
        ("container_network_transmit_errors_total", "Errors while sending.", _ => 0),
        ("container_network_transmit_packets_total", "Packets sent.", m => Math.Floor(m.BytesSent / 900)),
    ];

    public static string Of(NodeReading node)
    {
        var text = new PrometheusText();
        text.Family("cadvisor_version_info", "gauge", "Versions, as labels.").Sample(1, null,
            ("cadvisorRevision", ""), ("cadvisorVersion", ""), ("dockerVersion", ""), ("kernelVersion", "6.8.0-60-generic"), ("osVersion", "Ubuntu 24.04.2 LTS"));
        var groups = Groups(node).ToList();
        foreach (var (name, type, help, extra, value) in Families)
        {
            text.Family(name, type, help);
            foreach (var group in groups)
            {
                if (value(group) is { } number)
                    text.Sample(number, node.Time, Labels(group.Labels, extra));
            }
        }
        foreach (var (name, help, value) in Networks)
        {
            text.Family(name, "counter", help);
            text.Sample(value(node.Used), node.Time, Labels(new("", "/", "", "", "", ""), [("interface", "eth0")]));
            foreach (var pod in node.Pods.Where(p => !p.HostNetwork))
                text.Sample(value(pod.Used), node.Time, Labels(Sandbox(pod), [("interface", "eth0")]));
        }
        text.Family("container_scrape_error", "gauge", "1 when the figures could not be had.").Sample(0, null);
        (string, string)[] machine = [("boot_id", node.Machine.BootId), ("machine_id", node.Machine.MachineId), ("system_uuid", node.Machine.SystemId)];
        text.Family("machine_cpu_cores", "gauge", "Logical processors.").Sample(node.Machine.Cores, node.Time, machine);
        text.Family("machine_memory_bytes", "gauge", "Memory.").Sample(node.Machine.MemoryBytes, node.Time, machine);
        return text.ToString();
    }

    private static IEnumerable<Group> Groups(NodeReading node)
    {
        yield return new(new("", "/", "", "", "", ""), node.Used, node.Started, node.Time, null);
        foreach (var pod in node.Pods)
        {
            var slice = Slice(pod);
            yield return new(new("", slice, "", "", pod.Namespace, pod.Name), pod.Used, pod.Started, node.Time, null);
            foreach (var container in pod.Containers)
                yield return new(new(container.Name, $"{slice}/cri-containerd-{container.Id}.scope", container.Image, container.Id, pod.Namespace, pod.Name),
                    container.Used, container.Started, node.Time, container.Load);
        }
    }

    private static Names Sandbox(PodReading pod)
    {
        var id = StableHash.Hex(pod.Uid + "/sandbox", 64);
        return new("", $"{Slice(pod)}/cri-containerd-{id}.scope", "registry.k8s.io/pause:3.10", id, pod.Namespace, pod.Name);
    }

    private static string Slice(PodReading pod)
    {
        var uid = pod.Uid.Replace('-', '_');
        var kind = pod.QosClass switch { "Guaranteed" => "", "Burstable" => "burstable-", _ => "besteffort-" };
        return kind.Length == 0 ? $"/kubepods.slice/kubepods-pod{uid}.slice" : $"/kubepods.slice/kubepods-{kind[..^1]}.slice/kubepods-{kind}pod{uid}.slice";
    }

    private static (string, string)[] Labels(Names names, (string, string)[] extra) =>
    [
        ("container", names.Container), .. extra.Where(e => string.CompareOrdinal(e.Item1, "id") < 0), ("id", names.Id), ("image", names.Image),
        .. extra.Where(e => string.CompareOrdinal(e.Item1, "image") > 0), ("name", names.Name), ("namespace", names.Namespace), ("pod", names.Pod),
    ];

    private static double Throttled(Group group) => group.Load!.Pattern == UsagePattern.UnderRequesting ? 0.25 : 0.01;

    private sealed record Names(string Container, string Id, string Image, string Name, string Namespace, string Pod);

    /// <summary>A control group; only that of a container has a load.</summary>
    private sealed record Group(Names Labels, Measured Used, DateTimeOffset Started, DateTimeOffset Time, ContainerLoad? Load)
    {
        public double Age => Math.Max(0, (Time - Started).TotalSeconds);
    }
}
