using System.Text.Json.Nodes;
using Fleet.ControlPlane.Machinery;
using Fleet.ControlPlane.Simulation.Objects;
using Fleet.ControlPlane.Tests.Simulation;
using Fleet.Kubernetes.Objects;

namespace Fleet.ControlPlane.Tests.ClusterApi;

/// <summary>The Cluster API objects of a harness by kind and name, all in the namespace <c>default</c>.</summary>
internal static class CapiObjects
{
    private static readonly string[] Groups =
        ["cluster.x-k8s.io", "controlplane.cluster.x-k8s.io", "bootstrap.cluster.x-k8s.io", "infrastructure.cluster.x-k8s.io", "operator.cluster.x-k8s.io"];

    public static ResourceKind KindOf(this SimulationHarness harness, string kind) =>
        Groups.SelectMany(g => new[] { "v1beta2", "v1beta1", "v1alpha1", "v1alpha2" }.Select(v => harness.Management.FindKind(new(g, v, kind)))).OfType<ResourceKind>().First();

    public static JsonObject? Find(this SimulationHarness harness, string kind, string name) => harness.Management.Get(harness.KindOf(kind), new("default", name));

    public static JsonObject Get(this SimulationHarness harness, string kind, string name) =>
        harness.Find(kind, name) ?? throw new InvalidOperationException($"no {kind} {name}");

    public static IReadOnlyList<JsonObject> All(this SimulationHarness harness, string kind) => harness.Management.List(harness.KindOf(kind));

    public static List<JsonObject> Machines(this SimulationHarness harness, bool controlPlane) =>
        [.. harness.All("Machine").Where(m => m.Label("cluster.x-k8s.io/control-plane") is not null == controlPlane)];

    public static async Task ChangeAsync(this SimulationHarness harness, string kind, string name, Func<JsonObject, bool> change) =>
        Assert.NotNull(await harness.Management.ChangeAsync(harness.KindOf(kind), new("default", name), change, status: false, CancellationToken.None));

    public static async Task DeleteAsync(this SimulationHarness harness, string kind, string name) =>
        Assert.True(await harness.Management.DeleteAsync(harness.KindOf(kind), new("default", name), new(), CancellationToken.None));

    public static Task AnnotateAsync(this SimulationHarness harness, string kind, string name, string annotation, string? value) =>
        harness.ChangeAsync(kind, name, o => o.Ensure("metadata", "annotations").Put(annotation, value));

    public static Task AvailableAsync(this SimulationHarness harness, string cluster = "sim") =>
        harness.UntilAsync(() => harness.Find("Cluster", cluster)?.IsTrue("Available") == true, $"cluster {cluster} available");

    public static IClusterApi Workload(this SimulationHarness harness, string cluster = "sim") => harness.Registry.Find($"default-{cluster}")!;

    public static IReadOnlyList<JsonObject> Nodes(this SimulationHarness harness, string cluster = "sim") => harness.Workload(cluster).List(CoreKinds.Node);

    public static string Version(this JsonObject node) => node.Text("status", "nodeInfo", "kubeletVersion")!;
}
