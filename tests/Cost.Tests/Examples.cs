using Fleet.Cost.Allocations;
using Fleet.Cost.Assets;

namespace Fleet.Cost.Tests;

/// <summary>
/// The topology that OpenCost tests its own aggregation with: two clusters, three namespaces, twelve containers that cost 1 for each resource (one 11 for RAM), 82 together,
/// and 30 of idle.
/// </summary>
internal static class Examples
{
    public static DateTimeOffset Start { get; } = new(2026, 3, 4, 0, 0, 0, TimeSpan.Zero);

    public static QueryWindow Day { get; } = new(Start, Start.AddDays(1));

    public static IReadOnlyList<Allocation> Workloads { get; } =
    [
        Unit("cluster1", "c1nodes", "namespace1", "pod1", "container1", labels: "app=app1,env=env1") with { Ram = Ones with { Cost = 11 } },
        Unit("cluster1", "c1nodes", "namespace1", "pod-abc", "container2", "deployment", "deployment1"),
        Unit("cluster1", "c1nodes", "namespace1", "pod-def", "container3", "deployment", "deployment1"),
        Unit("cluster1", "c1nodes", "namespace2", "pod-ghi", "container4", "deployment", "deployment2", labels: "app=app2,env=env2"),
        Unit("cluster1", "c1nodes", "namespace2", "pod-ghi", "container5", "deployment", "deployment2", labels: "app=app2,env=env2"),
        Unit("cluster1", "c1nodes", "namespace2", "pod-jkl", "container6", "daemonset", "daemonset1", service: "service1"),
        Unit("cluster2", "node1", "namespace2", "pod-mno", "container4", "deployment", "deployment2", labels: "app=app2"),
        Unit("cluster2", "node1", "namespace2", "pod-mno", "container5", "deployment", "deployment2", labels: "app=app2"),
        Unit("cluster2", "node2", "namespace2", "pod-pqr", "container6", "daemonset", "daemonset1", service: "service1"),
        Unit("cluster2", "node2", "namespace3", "pod-stu", "container7", "deployment", "deployment3", annotations: "team=team1"),
        Unit("cluster2", "node3", "namespace3", "pod-vwx", "container8", "statefulset", "statefulset1", annotations: "team=team2"),
        Unit("cluster2", "node3", "namespace3", "pod-vwx", "container9", "statefulset", "statefulset1", annotations: "team=team1"),
    ];

    public static AllocationSet WithoutIdle { get; } = new(Day, Workloads);

    public static AllocationSet WithClusterIdle { get; } = new(Day, [.. Workloads, Idle("cluster1", "", 5, 15), Idle("cluster2", "", 5, 5)]);

    public static AllocationSet WithNodeIdle { get; } = new(
        Day,
        [
            .. Workloads, Idle("cluster1", "c1nodes", 5, 15),
            Idle("cluster2", "node1", 1.666667, 1.666667), Idle("cluster2", "node2", 1.666667, 1.666667), Idle("cluster2", "node3", 1.666667, 1.666667),
        ]);

    /// <summary>Nodes of both clusters: one whose bill is 10 lower than its price, and three.</summary>
    public static AssetSet Nodes { get; } = new(Day)
    {
        Nodes =
        [
            Node("cluster1", "c1nodes", 55, 44, 11) with { Adjustment = -10 },
            Node("cluster2", "node1", 20, 15, 0),
            Node("cluster2", "node2", 20, 15, 0),
            Node("cluster2", "node3", 10, 10, 10),
        ],
    };

    private static ComputeAmount Ones => new() { Hours = 1, Cost = 1, RequestAverage = 1, UsageAverage = 1 };

    public static Allocation Unit(
        string cluster, string node, string @namespace, string pod, string container, string kind = "", string controller = "",
        string labels = "", string annotations = "", string service = "") => new()
        {
            Name = $"{cluster}/{@namespace}/{pod}/{container}",
            Properties = new()
            {
                Cluster = cluster,
                Node = node,
                ProviderId = node,
                Namespace = @namespace,
                Pod = pod,
                Container = container,
                ControllerKind = kind,
                Controller = controller,
                Labels = Map(labels),
                Annotations = Map(annotations),
                Services = service.Length > 0 ? [service] : [],
            },
            Window = Day,
            Start = Day.Start,
            End = Day.End,
            Cpu = Ones,
            Gpu = Ones,
            Ram = Ones,
            Network = new() { Cost = 1 },
            LoadBalancerCost = 1,
            Volumes = new Dictionary<VolumeKey, VolumeShare> { [new(cluster, $"pv-{pod}-{container}")] = new(1, 1) },
            Peak = new(1, 1),
        };

    public static Allocation Idle(string cluster, string node, double cpu, double ram) => new()
    {
        Name = $"{(node.Length > 0 ? node : cluster)}/{AllocationKeys.Idle}",
        Kind = AllocationKind.Idle,
        Properties = new() { Cluster = cluster, Node = node },
        Window = Day,
        Start = Day.Start,
        End = Day.End,
        Cpu = new() { Cost = cpu },
        Ram = new() { Cost = ram },
    };

    public static NodeAsset Node(string cluster, string name, double cpu, double ram, double gpu) =>
        new() { Cluster = cluster, Name = name, ProviderId = name, Start = Day.Start, End = Day.End, CpuCost = cpu, RamCost = ram, GpuCost = gpu };

    public static Dictionary<string, string> Map(string text) =>
        text.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(pair => pair.Split('=')).ToDictionary(pair => pair[0], pair => pair[1]);

    /// <summary>Rows and what they cost.</summary>
    public static string[] Costs(AllocationSet set) =>
        [.. set.Allocations.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => $"{pair.Key} {pair.Value.TotalCost.ToString("0.####", System.Globalization.CultureInfo.InvariantCulture)}")];
}
