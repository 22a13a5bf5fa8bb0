using System.Text;
using System.Text.Json.Nodes;
using Fleet.ControlPlane.Machinery;
using Fleet.ControlPlane.Simulation.Kubelets;
using Fleet.ControlPlane.Simulation.Objects;
using Fleet.Kubernetes.Objects;

namespace Fleet.ControlPlane.Simulation;

/// <summary>metrics.k8s.io and kubelets' endpoints, out of the objects and the time (<see cref="KubeletReader"/>).</summary>
internal sealed class SimulatedMetrics(TimeProvider clock) : ISimulatedMetrics
{
    /// <summary>How often kubelets measure; the API's figures are as old as that.</summary>
    private static readonly TimeSpan Housekeeping = TimeSpan.FromSeconds(10);

    private readonly KubeletReader kubelets = new(new NodeMeters());

    public IReadOnlyList<JsonObject> Nodes(IClusterApi cluster, string? labelSelector = null)
    {
        var pods = cluster.List(CoreKinds.Pod).ToLookup(p => p.Text("spec", "nodeName") ?? "");
        return [.. cluster.List(CoreKinds.Node, labelSelector: labelSelector).Where(KubeletReader.IsReachable).Select(n => NodeMetrics(cluster, n, pods[n.NameOf()]))];
    }

    public JsonObject? Node(IClusterApi cluster, string name) =>
        cluster.Get(CoreKinds.Node, ObjectKey.Cluster(name)) is { } node && KubeletReader.IsReachable(node)
            ? NodeMetrics(cluster, node, PodsOn(cluster, name))
            : null;

    public IReadOnlyList<JsonObject> Pods(IClusterApi cluster, string? @namespace = null, string? labelSelector = null)
    {
        var away = Unreachable(cluster);
        var asked = cluster.List(CoreKinds.Pod, @namespace, labelSelector);
        return PodMetrics(cluster, asked.Where(p => !away.Contains(p.Text("spec", "nodeName") ?? "")), @namespace is null && labelSelector is null ? asked : cluster.List(CoreKinds.Pod));
    }

    public JsonObject? Pod(IClusterApi cluster, string @namespace, string name) =>
        cluster.Get(CoreKinds.Pod, new(@namespace, name)) is { } pod && !Unreachable(cluster).Contains(pod.Text("spec", "nodeName") ?? "")
            ? PodMetrics(cluster, [pod], PodsOn(cluster, pod.Text("spec", "nodeName") ?? "")).FirstOrDefault()
            : null;

    public KubeletAnswer? Kubelet(IClusterApi cluster, string node, string path, bool onlyCpuAndMemory)
    {
        if (cluster.Get(CoreKinds.Node, ObjectKey.Cluster(node)) is not { } found || !KubeletReader.IsReachable(found))
            return null;
        return path switch
        {
            "healthz" => Text("ok", "text/plain; charset=utf-8"),
            "metrics/resource" => Text(ResourceMetrics.Of(Read()), PrometheusText.MediaType),
            "metrics/cadvisor" => Text(CadvisorMetrics.Of(Read()), PrometheusText.MediaType),
            "metrics" => Text(KubeletMetrics.Of(Read()), PrometheusText.MediaType),
            "stats/summary" => Text(StatsSummary.Of(Read(), onlyCpuAndMemory).ToJsonString(), "application/json"),
            _ => Text("404 page not found\n", "text/plain; charset=utf-8", 404),
        };

        NodeReading Read() => kubelets.Node(cluster, found, PodsOn(cluster, node), Measured());
    }

    private JsonObject NodeMetrics(IClusterApi cluster, JsonObject node, IEnumerable<JsonObject> pods)
    {
        var read = kubelets.Node(cluster, node, pods, Measured(), counters: false);
        return Metrics(cluster, "NodeMetrics", node, m => m["usage"] = Quantities(read.Used));
    }

    /// <param name="pods">Those that are asked for.</param>
    /// <param name="neighbours">All pods on their nodes.</param>
    private List<JsonObject> PodMetrics(IClusterApi cluster, IEnumerable<JsonObject> pods, IEnumerable<JsonObject> neighbours)
    {
        var seen = pods.ToDictionary(p => p.KeyOf());
        return [.. KubeletReader.Pods(cluster, neighbours, Measured()).Where(read => seen.ContainsKey(new(read.Namespace, read.Name))).Select(read => Metrics(cluster, "PodMetrics", seen[new(read.Namespace, read.Name)],
            m => m["containers"] = read.Containers.Select(c => new JsonObject { ["name"] = c.Name, ["usage"] = Quantities(c.Used) }).ToJson()))];
    }

    private JsonObject Metrics(IClusterApi cluster, string kind, JsonObject of, Action<JsonObject> fill)
    {
        var skew = cluster.Fault?.Metrics?.ClockSkew ?? TimeSpan.Zero;
        var metadata = new JsonObject { ["name"] = of.NameOf() };
        if (of.NamespaceOf() is { Length: > 0 } space)
            metadata["namespace"] = space;
        metadata["creationTimestamp"] = (clock.GetUtcNow() + skew).Rfc3339();
        metadata["labels"] = of.Strings("metadata", "labels").ToJson();
        var metrics = new JsonObject
        {
            ["kind"] = kind,
            ["apiVersion"] = "metrics.k8s.io/v1beta1",
            ["metadata"] = metadata,
            ["timestamp"] = (Measured() + skew).Rfc3339(),
            ["window"] = $"{KubeletReader.Window.TotalSeconds:0}s",
        };
        fill(metrics);
        return metrics;
    }

    private static List<JsonObject> PodsOn(IClusterApi cluster, string node)
    {
        // Each kubelet of a big cluster is asked in turn: only its own pods are parsed.
        var bytes = Encoding.UTF8.GetBytes($"\"nodeName\":\"{node}\"");
        var pods = cluster is Cluster served
            ? served.Table(served.Kind(CoreKinds.Pod)).State.Range(null).Where(p => p.Json.AsSpan().IndexOf(bytes) >= 0).Select(p => p.Parse())
            : cluster.List(CoreKinds.Pod);
        return [.. pods.Where(p => p.Text("spec", "nodeName") == node)];
    }

    private static HashSet<string> Unreachable(IClusterApi cluster) =>
        [.. cluster.List(CoreKinds.Node).Where(n => !KubeletReader.IsReachable(n)).Select(n => n.NameOf())];

    private DateTimeOffset Measured()
    {
        var now = clock.GetUtcNow();
        return now - TimeSpan.FromTicks(now.UtcTicks % Housekeeping.Ticks);
    }

    private static JsonObject Quantities(Measured used) =>
        new() { ["cpu"] = $"{(long)(used.CpuCores * 1e9)}n", ["memory"] = $"{(long)used.WorkingSetBytes / 1024}Ki" };

    private static KubeletAnswer Text(string text, string type, int code = 200) => new(code, type, Encoding.UTF8.GetBytes(text));
}
