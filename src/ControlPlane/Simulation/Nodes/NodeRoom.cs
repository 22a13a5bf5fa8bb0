using System.Text.Json.Nodes;
using Fleet.ControlPlane.Simulation.Objects;

namespace Fleet.ControlPlane.Simulation.Nodes;

/// <summary>One node as the scheduler sees it.</summary>
internal sealed class NodeRoom
{
    /// <summary>The one kind of device that machines have.</summary>
    public const string Gpu = "nvidia.com/gpu";

    private int lastAddress = 1;

    public NodeRoom(JsonObject node)
    {
        Name = node.NameOf();
        Update(node);
    }

    public string Name { get; }

    public Dictionary<string, string> Labels { get; private set; } = [];

    public IReadOnlyList<JsonObject> Taints { get; private set; } = [];

    public bool Unschedulable { get; private set; }

    public bool Ready { get; private set; }

    public string PodNetwork { get; private set; } = "";

    public string HostAddress { get; private set; } = "";

    public long FreeCpuMilli { get; private set; }

    public long FreeMemory { get; private set; }

    public long FreePods { get; private set; }

    public long FreeGpus { get; private set; }

    private PodRequest used;
    private int usedPods;

    public void Update(JsonObject node)
    {
        Labels = node.Strings("metadata", "labels");
        // Copies: a part of a tree keeps the whole tree in memory.
        Taints = [.. node.Items("spec", "taints").Select(t => (JsonObject)t.DeepClone())];
        Unschedulable = node.Flag("spec", "unschedulable");
        Ready = node.IsTrue("Ready");
        PodNetwork = node.Text("spec", "podCIDR") ?? "10.244.0.0/24";
        HostAddress = node.Items("status", "addresses").FirstOrDefault(a => a.Text("type") == "InternalIP")?.Text("address") ?? "10.0.0.1";
        FreeCpuMilli = Quantities.Milli(node.Text("status", "allocatable", "cpu")) - used.CpuMilli;
        FreeMemory = Quantities.Units(node.Text("status", "allocatable", "memory")) - used.Memory;
        FreePods = Quantities.Units(node.Text("status", "allocatable", "pods") ?? "110") - usedPods;
        FreeGpus = Quantities.Units(node.Text("status", "allocatable", Gpu)) - used.Gpus;
    }

    public void Take(PodRequest request) => Change(request, 1);

    public void Give(PodRequest request) => Change(request, -1);

    public bool Fits(PodRequest request) => FreePods >= 1 && FreeCpuMilli >= request.CpuMilli && FreeMemory >= request.Memory && FreeGpus >= request.Gpus;

    /// <summary>The next address of the node's pod network; wraps after 253 pods.</summary>
    public string NextPodAddress()
    {
        lastAddress = lastAddress >= 254 ? 2 : lastAddress + 1;
        var dot = PodNetwork.LastIndexOf('.');
        return $"{PodNetwork[..dot]}.{lastAddress}";
    }

    private void Change(PodRequest request, int sign)
    {
        used = new(used.CpuMilli + sign * request.CpuMilli, used.Memory + sign * request.Memory, used.Gpus + sign * request.Gpus);
        usedPods += sign;
        FreeCpuMilli -= sign * request.CpuMilli;
        FreeMemory -= sign * request.Memory;
        FreePods -= sign;
        FreeGpus -= sign * request.Gpus;
    }
}

/// <summary>What a pod asks a node for.</summary>
internal readonly record struct PodRequest(long CpuMilli, long Memory, long Gpus = 0)
{
    public static PodRequest Of(JsonObject pod)
    {
        long cpu = 0, memory = 0, gpus = 0;
        foreach (var container in pod.Items("spec", "containers"))
        {
            cpu += Quantities.Milli(Requested(container, "cpu"));
            memory += Quantities.Units(Requested(container, "memory"));
            gpus += Quantities.Units(Requested(container, NodeRoom.Gpu));
        }
        foreach (var container in pod.Items("spec", "initContainers"))
        {
            cpu = Math.Max(cpu, Quantities.Milli(Requested(container, "cpu")));
            memory = Math.Max(memory, Quantities.Units(Requested(container, "memory")));
        }
        return new(cpu, memory, gpus);
    }

    private static string? Requested(JsonObject container, string resource) =>
        AsText(container.At("resources", "requests", resource)) ?? AsText(container.At("resources", "limits", resource));

    // A quantity may stand as a number in a manifest.
    private static string? AsText(JsonNode? quantity) => quantity?.ToString();
}
