using System.Globalization;
using System.Text.Json.Nodes;
using Fleet.ControlPlane.Machinery;
using Fleet.ControlPlane.Simulation;
using Fleet.ControlPlane.Simulation.Objects;
using Fleet.ControlPlane.Simulation.Usage;

namespace Fleet.ControlPlane.Tests.Simulation.Usage;

/// <summary>Pods together use what their node has, and no more: else their costs would be more than its.</summary>
public sealed class NodeShareTests
{
    private const double GiB = 1024 * 1024 * 1024;

    [Theory]
    // Of ten cores nine are for pods.
    [InlineData(10, "4:3 4:4", 1, "3 4")]
    [InlineData(10, "4:5 2:4", 1, "5 4")]
    [InlineData(10, "4:8 2:4", 0.5, "6 3")]
    [InlineData(10, "0:20 3:2", 0.3, "6 2")]
    // What is requested everybody gets, also when it is more than nine; half of what is left is for the others.
    [InlineData(10, "9:12 0:1", 0.125, "9.375 0.125")]
    [InlineData(10, "9.5:12 0.2:0.1", 0.06, "9.65 0.1")]
    [InlineData(10, "11:12", 0, "11")]
    [InlineData(10, "", 1, "")]
    public void What_goes_beyond_requests_is_cut_of_each_by_the_same_part(double cores, string pods, double part, string got)
    {
        var wanted = pods.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(one => one.Split(':')).Select(one => (Load: Load(Number(one[0])), Cores: Number(one[1]), Bytes: 0d)).ToList();
        var share = NodeShare.Of(cores, 8 * GiB, wanted);
        Assert.Equal((part, 1d), (Math.Round(share.Cpu, 9), share.Memory));
        Assert.Equal(got, string.Join(' ', wanted.Select(one => Math.Round(share.Cores(one.Load, one.Cores), 9).ToString(CultureInfo.InvariantCulture))));
    }

    [Fact]
    public void Memory_is_shared_by_itself()
    {
        var greedy = Load(1, 2 * GiB);
        var share = NodeShare.Of(4, 10 * GiB, [(greedy, 2, 16 * GiB)]);
        Assert.Equal((1, 0.5), (share.Cpu, share.Memory));
        Assert.Equal((2d, 9 * GiB), (share.Cores(greedy, 2), share.Bytes(greedy, 16 * GiB)));
    }

    [Fact]
    public async Task A_node_full_of_pods_that_want_more_is_not_used_beyond_what_it_has_and_counters_never_go_back()
    {
        await using var harness = await SimulationHarness.StartAsync();
        var api = await harness.ClusterAsync();
        // Each wants six tenths more than it requests, and so would take more than there is; the one without requests is what tips it over at once.
        await SimulationHarness.ApplyAsync(api, """
            apiVersion: apps/v1
            kind: Deployment
            metadata: {name: greedy, namespace: default}
            spec:
              replicas: 14
              selector: {matchLabels: {app: greedy}}
              template:
                metadata: {labels: {app: greedy}, annotations: {simulation.fleet.dev/usage: under-requesting}}
                spec: {containers: [{name: app, image: "app:1", resources: {requests: {cpu: 250m, memory: 450Mi}}}]}
            """);
        await harness.UntilAsync(() => api.List(CoreKinds.Pod, "default").Count(pod => pod.IsTrue("Ready")) >= 12, "as many as fit are there");
        var (metrics, node) = (FleetSimulation.Metrics(harness.Clock), "");
        var (wasCut, before) = (false, new Dictionary<string, double>());
        for (var minute = 0; minute < 24 * 60; minute += 20)
        {
            harness.Clock.Advance(TimeSpan.FromMinutes(20));
            var pods = api.List(CoreKinds.Pod).ToDictionary(pod => (pod.NamespaceOf(), pod.NameOf()));
            foreach (var group in metrics.Pods(api).GroupBy(one => pods[(one.NamespaceOf(), one.NameOf())].Text("spec", "nodeName")!))
            {
                var machine = api.Get(CoreKinds.Node, new("", group.Key))!;
                var (cpu, memory) = group.Aggregate((Cpu: 0d, Memory: 0d), (sum, one) => (sum.Cpu + Paid(one, "cpu"), sum.Memory + Paid(one, "memory")));
                Assert.InRange(cpu, 0, Amount(machine, "cpu") + 1e-6);
                Assert.InRange(memory, 0, Amount(machine, "memory"));
                if (pods.Values.Count(pod => pod.Text("spec", "nodeName") == group.Key && pod.NameOf().StartsWith("greedy", StringComparison.Ordinal)) >= 5)
                    node = group.Key;
                wasCut |= cpu > 0.89 * Amount(machine, "cpu");
            }
            // The same of each, whoever else is asked for.
            var first = metrics.Pods(api, "default")[0];
            Assert.Equal(Used(first, "cpu"), Used(metrics.Pod(api, "default", first.NameOf())!, "cpu"));

            var counters = Counters(metrics.Kubelet(api, node, "metrics/resource", onlyCpuAndMemory: false)!.Body.Span);
            var grown = counters.Where(one => before.ContainsKey(one.Key)).Sum(one => one.Value - before[one.Key]);
            Assert.All(counters, one => Assert.True(one.Value >= before.GetValueOrDefault(one.Key), one.Key));
            Assert.InRange(grown, 0, Amount(api.Get(CoreKinds.Node, new("", node))!, "cpu") * 20 * 60 + 1e-3);
            before = counters;

            double Paid(JsonObject one, string resource)
            {
                var requested = pods[(one.NamespaceOf(), one.NameOf())].Items("spec", "containers").ToDictionary(container => container.Text("name")!, container => container.At("resources", "requests", resource)?.ToString());
                return one.Items("containers").Sum(container => Math.Max(Quantity(resource, container.Text("usage", resource)), Quantity(resource, requested[container.Text("name")!])));
            }
        }
        Assert.True(wasCut, "the test shows nothing: nobody wanted more than there is");
    }

    private static Dictionary<string, double> Counters(ReadOnlySpan<byte> text) => System.Text.Encoding.UTF8.GetString(text).Split('\n')
        .Where(line => line.StartsWith("container_cpu_usage_seconds_total{", StringComparison.Ordinal))
        .ToDictionary(line => line[..(line.IndexOf('}', StringComparison.Ordinal) + 1)], line => Number(line[(line.IndexOf('}', StringComparison.Ordinal) + 1)..].Trim().Split(' ')[0]));

    private static double Amount(JsonObject node, string resource) => Quantity(resource, node.Text("status", "capacity", resource));

    private static double Used(JsonObject pod, string resource) => Quantity(resource, pod.Items("containers").First().Text("usage", resource));

    private static double Quantity(string resource, string? text) => resource == "cpu" && text?.EndsWith('n') == true ? Number(text[..^1]) / 1e9
        : resource == "cpu" ? Quantities.Milli(text) / 1_000d : Quantities.Units(text);

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);

    private static ContainerLoad Load(double cores, double bytes = 0) => new() { Workload = "w", Container = "c", CpuRequest = cores, MemoryRequest = bytes };
}
