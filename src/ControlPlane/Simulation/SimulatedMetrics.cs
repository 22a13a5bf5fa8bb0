using System.Text.Json.Nodes;
using Fleet.ControlPlane.Machinery;
using Fleet.ControlPlane.Simulation.Nodes;
using Fleet.ControlPlane.Simulation.Objects;
using Fleet.Kubernetes.Objects;

namespace Fleet.ControlPlane.Simulation;

/// <summary>Figures out of names, requests and the minute: a share of what was asked for, with a slow daily wave and a little noise.</summary>
internal sealed class SimulatedMetrics(TimeProvider clock) : ISimulatedMetrics
{
    private const long Mebi = 1024 * 1024;

    public IReadOnlyList<JsonObject> Nodes(IClusterApi cluster, string? labelSelector = null)
    {
        var pods = cluster.List(CoreKinds.Pod).ToLookup(p => p.Text("spec", "nodeName") ?? "");
        return cluster.List(CoreKinds.Node, labelSelector: labelSelector).Select(n => NodeMetrics(cluster, n, pods[n.NameOf()])).ToList();
    }

    public JsonObject? Node(IClusterApi cluster, string name) =>
        cluster.Get(CoreKinds.Node, ObjectKey.Cluster(name)) is { } node
            ? NodeMetrics(cluster, node, cluster.List(CoreKinds.Pod).Where(p => p.Text("spec", "nodeName") == name))
            : null;

    public IReadOnlyList<JsonObject> Pods(IClusterApi cluster, string? @namespace = null, string? labelSelector = null) =>
        cluster.List(CoreKinds.Pod, @namespace, labelSelector).Where(Runs).Select(p => PodMetrics(cluster, p)).ToList();

    public JsonObject? Pod(IClusterApi cluster, string @namespace, string name) =>
        cluster.Get(CoreKinds.Pod, new(@namespace, name)) is { } pod && Runs(pod) ? PodMetrics(cluster, pod) : null;

    private JsonObject NodeMetrics(IClusterApi cluster, JsonObject node, IEnumerable<JsonObject> pods)
    {
        // The system's own share, then what the pods use, never more than there is.
        var cpu = 60d + 40 * Wave($"{cluster.Name}/{node.NameOf()}");
        var memory = 600d * Mebi;
        foreach (var container in pods.Where(Runs).SelectMany(p => p.Items("spec", "containers").Select(c => Usage(cluster, p, c))))
            (cpu, memory) = (cpu + container.CpuMilli, memory + container.Memory);
        return new()
        {
            ["metadata"] = new JsonObject
            {
                ["name"] = node.NameOf(),
                ["creationTimestamp"] = clock.GetUtcNow().Rfc3339(),
                ["labels"] = node.Strings("metadata", "labels").ToJson(),
            },
            ["timestamp"] = Minute().Rfc3339(),
            ["window"] = "30s",
            ["usage"] = Quantities(
                Math.Min(cpu, Quantity.Milli(node.Text("status", "capacity", "cpu"))),
                Math.Min(memory, Quantity.Units(node.Text("status", "capacity", "memory")))),
            ["kind"] = "NodeMetrics",
            ["apiVersion"] = "metrics.k8s.io/v1beta1",
        };
    }

    private JsonObject PodMetrics(IClusterApi cluster, JsonObject pod) => new()
    {
        ["metadata"] = new JsonObject
        {
            ["name"] = pod.NameOf(),
            ["namespace"] = pod.NamespaceOf(),
            ["creationTimestamp"] = clock.GetUtcNow().Rfc3339(),
            ["labels"] = pod.Strings("metadata", "labels").ToJson(),
        },
        ["timestamp"] = Minute().Rfc3339(),
        ["window"] = "30s",
        ["containers"] = pod.Items("spec", "containers").Select(c =>
        {
            var (cpu, memory) = Usage(cluster, pod, c);
            return new JsonObject { ["name"] = c.Text("name"), ["usage"] = Quantities(cpu, memory) };
        }).ToJson(),
        ["kind"] = "PodMetrics",
        ["apiVersion"] = "metrics.k8s.io/v1beta1",
    };

    private (double CpuMilli, double Memory) Usage(IClusterApi cluster, JsonObject pod, JsonObject container)
    {
        var alone = new JsonObject { ["spec"] = new JsonObject { ["containers"] = new JsonArray(container.DeepClone()) } };
        var asked = PodRequest.Of(alone);
        var seed = $"{cluster.Name}/{pod.NamespaceOf()}/{pod.NameOf()}/{container.Text("name")}";
        var level = 0.3 + 0.4 * (StableHash.Number(seed) % 1000 / 1000d);
        var cpu = (asked.CpuMilli == 0 ? 20 : asked.CpuMilli) * level * (0.6 + 0.8 * Wave(seed));
        var memory = (asked.Memory == 0 ? 64 * Mebi : asked.Memory) * (0.4 + 0.4 * level) * (0.95 + 0.1 * Wave(seed));
        return (cpu, memory);
    }

    /// <summary>0 to 1: a wave over the day, shifted for each seed, with noise that changes by the minute.</summary>
    private double Wave(string seed)
    {
        var minute = Minute();
        var phase = StableHash.Number(seed) % 1440;
        var day = Math.Sin((minute.TimeOfDay.TotalMinutes + phase) / 1440 * 2 * Math.PI);
        var noise = StableHash.Number($"{seed}@{minute.ToUnixTimeSeconds()}") % 1000 / 1000d;
        return 0.8 * (day + 1) / 2 + 0.2 * noise;
    }

    private DateTimeOffset Minute()
    {
        var seconds = clock.GetUtcNow().ToUnixTimeSeconds();
        return DateTimeOffset.FromUnixTimeSeconds(seconds - seconds % 60);
    }

    private static bool Runs(JsonObject pod) => pod.Text("status", "phase") == "Running";

    private static JsonObject Quantities(double cpuMilli, double memory) =>
        new() { ["cpu"] = $"{(long)(cpuMilli * 1_000_000)}n", ["memory"] = $"{(long)memory / 1024}Ki" };
}
