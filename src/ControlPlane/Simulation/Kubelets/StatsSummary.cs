using System.Text.Json.Nodes;
using Fleet.ControlPlane.Simulation.Objects;

namespace Fleet.ControlPlane.Simulation.Kubelets;

/// <summary>A kubelet's <c>/stats/summary</c>.</summary>
internal static class StatsSummary
{
    private const double Gibi = 1024d * 1024 * 1024;

    /// <param name="node">What was measured.</param>
    /// <param name="brief">CPU and memory only, as the query <c>only_cpu_and_memory</c> asks for.</param>
    public static JsonObject Of(NodeReading node, bool brief)
    {
        var shown = new JsonObject
        {
            ["nodeName"] = node.Name,
            ["startTime"] = node.Started.Rfc3339(),
            ["cpu"] = Cpu(node.Used, node.Time),
            ["memory"] = Memory(node.Used, node.Time, node.Machine.MemoryBytes),
        };
        if (!brief)
        {
            var disk = Disk(node.Time, node.Machine.DiskBytes, node.Machine.DiskBytes * 0.3);
            shown["network"] = Network(node.Used, node.Time);
            shown["fs"] = disk;
            shown["runtime"] = new JsonObject { ["imageFs"] = disk.DeepClone(), ["containerFs"] = disk.DeepClone() };
            shown["rlimit"] = new JsonObject { ["time"] = node.Time.Rfc3339(), ["maxpid"] = 32_768, ["curproc"] = 200 + 12 * node.Pods.Count };
        }
        return new() { ["node"] = shown, ["pods"] = node.Pods.Select(p => Pod(p, node, brief)).ToJson() };
    }

    private static JsonObject Pod(PodReading pod, NodeReading node, bool brief)
    {
        var shown = new JsonObject
        {
            ["podRef"] = new JsonObject { ["name"] = pod.Name, ["namespace"] = pod.Namespace, ["uid"] = pod.Uid },
            ["startTime"] = pod.Started.Rfc3339(),
            ["containers"] = pod.Containers.Select(c => Container(c, node, brief)).ToJson(),
            ["cpu"] = Cpu(pod.Used, node.Time),
            ["memory"] = Memory(pod.Used, node.Time, null),
        };
        if (brief)
            return shown;
        if (!pod.HostNetwork)
            shown["network"] = Network(pod.Used, node.Time);
        if (pod.Volumes.Count > 0)
            shown["volume"] = pod.Volumes.Select(v =>
            {
                var volume = Disk(node.Time, v.CapacityBytes, v.UsedBytes);
                volume["name"] = v.Name;
                volume["pvcRef"] = new JsonObject { ["name"] = v.Claim, ["namespace"] = pod.Namespace };
                return volume;
            }).ToJson();
        shown["ephemeral-storage"] = Disk(node.Time, node.Machine.DiskBytes, pod.Used.WorkingSetBytes / 8);
        shown["process_stats"] = new JsonObject { ["process_count"] = pod.Containers.Count };
        return shown;
    }

    private static JsonObject Container(ContainerReading container, NodeReading node, bool brief)
    {
        var shown = new JsonObject
        {
            ["name"] = container.Name,
            ["startTime"] = container.Started.Rfc3339(),
            ["cpu"] = Cpu(container.Used, node.Time),
            ["memory"] = Memory(container.Used, node.Time, container.Load.MemoryLimit),
        };
        if (!brief)
        {
            shown["rootfs"] = Disk(node.Time, node.Machine.DiskBytes, container.Used.WorkingSetBytes / 8);
            shown["logs"] = Disk(node.Time, node.Machine.DiskBytes, container.Used.WorkingSetBytes / 64);
        }
        return shown;
    }

    private static JsonObject Cpu(Measured used, DateTimeOffset time) => new()
    {
        ["time"] = time.Rfc3339(), ["usageNanoCores"] = (long)(used.CpuCores * 1e9), ["usageCoreNanoSeconds"] = (long)(used.CpuSeconds * 1e9),
    };

    private static JsonObject Memory(Measured used, DateTimeOffset time, double? limit)
    {
        var memory = new JsonObject { ["time"] = time.Rfc3339() };
        if (limit is { } most)
            memory["availableBytes"] = (long)Math.Max(0, most - used.WorkingSetBytes);
        memory["usageBytes"] = (long)(used.WorkingSetBytes * 1.15);
        memory["workingSetBytes"] = (long)used.WorkingSetBytes;
        memory["rssBytes"] = (long)(used.WorkingSetBytes * 0.85);
        memory["pageFaults"] = 0;
        memory["majorPageFaults"] = 0;
        return memory;
    }

    private static JsonObject Network(Measured used, DateTimeOffset time)
    {
        var one = new JsonObject { ["name"] = "eth0", ["rxBytes"] = (long)used.BytesReceived, ["rxErrors"] = 0, ["txBytes"] = (long)used.BytesSent, ["txErrors"] = 0 };
        var network = new JsonObject { ["time"] = time.Rfc3339() };
        foreach (var (name, value) in one)
            network[name] = value?.DeepClone();
        network["interfaces"] = new JsonArray(one);
        return network;
    }

    private static JsonObject Disk(DateTimeOffset time, double capacity, double used) => new()
    {
        ["time"] = time.Rfc3339(),
        ["availableBytes"] = (long)Math.Max(0, capacity - used),
        ["capacityBytes"] = (long)capacity,
        ["usedBytes"] = (long)used,
        ["inodesFree"] = (long)(Math.Max(Gibi, capacity) / 16_384) - (long)(used / 65_536),
        ["inodes"] = (long)(Math.Max(Gibi, capacity) / 16_384),
        ["inodesUsed"] = (long)(used / 65_536),
    };
}
