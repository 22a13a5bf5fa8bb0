using System.Text;
using System.Text.Json.Nodes;
using Fleet.ControlPlane.Hosting;
using Fleet.ControlPlane.Machinery;
using Fleet.ControlPlane.Simulation;
using Fleet.Kubernetes.Objects;
using Fleet.Observability.Collection;
using Fleet.Testing.Time;
using FsCheck;
using FsCheck.Fluent;

namespace Fleet.Observability.Tests.Collection;

/// <summary>What kubelets of a simulated cluster write, read and counted.</summary>
public sealed class KubeletTests : IAsyncLifetime
{
    private static readonly ResourceKind Pods = new("", "v1", "Pod", "pods", true);

    private readonly ManualTimeProvider clock = new();
    private ControlPlaneHost host = null!;
    private FleetSimulation simulation = null!;
    private IClusterApi cluster = null!;
    private ISimulatedMetrics metrics = null!;

    public async ValueTask InitializeAsync()
    {
        host = await ControlPlaneHost.StartAsync(new() { Clock = clock });
        simulation = await FleetSimulation.StartAsync(host.Clusters, new() { Timings = SimulationTimings.Instant }, clock, null, CancellationToken.None);
        cluster = await simulation.StartClusterAsync("work", 1, CancellationToken.None);
        metrics = FleetSimulation.Metrics(clock);
        await simulation.WhenIdle();
        clock.Advance(TimeSpan.FromMinutes(5));
    }

    public async ValueTask DisposeAsync()
    {
        await simulation.DisposeAsync();
        await host.DisposeAsync();
    }

    [Theory]
    [InlineData("metrics/resource", "container_cpu_usage_seconds_total")]
    [InlineData("metrics/cadvisor", "container_network_receive_bytes_total")]
    [InlineData("metrics", "kubelet_running_pods")]
    public void Every_line_of_a_kubelet_is_read(string path, string metric)
    {
        var read = ExpositionParser.Parse(Ask(path));
        Assert.Equal((0, false), (read.Malformed, read.CutOff));
        Assert.Contains(read.Samples, s => s.Name == metric);
        Assert.All(read.Samples, s => Assert.Contains(s.Name, read.Types.Keys));
    }

    [Fact]
    public void Readings_by_uid_become_the_rates_that_the_metrics_API_shows()
    {
        var book = new CounterBook();
        Take(book, out _);
        clock.Advance(TimeSpan.FromSeconds(15));
        Take(book, out _);
        clock.Advance(TimeSpan.FromSeconds(15));
        var increases = Take(book, out var readings);

        Assert.Equal(0, readings.Unknown);
        Assert.Equal(cluster.List(Pods).Sum(p => p["spec"]!["containers"]!.AsArray().Count) + 1, increases.Count);
        foreach (var pod in cluster.List(Pods, "kube-system"))
        {
            var uid = (string)pod["metadata"]!["uid"]!;
            var shown = metrics.Pod(cluster, "kube-system", (string)pod["metadata"]!["name"]!)!["containers"]![0]!;
            var increase = increases.Single(i => i.Key.Object == uid);
            // Measured at full tens of seconds: 5:30 and 5:10.
            Assert.Equal((double)ParseCores(shown), increase.Increase / (increase.To - increase.From).TotalSeconds, 0.003);
            Assert.Equal(long.Parse(((string)shown["usage"]!["memory"]!)[..^2], System.Globalization.CultureInfo.InvariantCulture), (long)readings.WorkingSets[(uid, (string)shown["name"]!)] / 1024);
        }
    }

    [Fact]
    public void The_endpoints_tell_the_same_of_the_same_pods()
    {
        var pods = Directory();
        var resource = ResourceReadings.Of(ExpositionParser.Parse(Ask("metrics/resource")), "c", "n", pods, clock.GetUtcNow());
        var summary = SummaryReadings.Of(StatsSummaryParser.Parse(Ask("stats/summary"))!, "c", "n", clock.GetUtcNow());
        var network = NetworkReadings.Of(ExpositionParser.Parse(Ask("metrics/cadvisor"), wanted: NetworkReadings.Wanted), "c", "n", pods, clock.GetUtcNow());

        Assert.Equal(0, network.Unknown);
        Assert.NotEmpty(network.Counters);
        foreach (var (key, reading) in resource.Counters.Concat(network.Counters))
            Assert.Equal(reading.Value, summary.Counters.Single(c => c.Key == key).Reading.Value, 0.01 + reading.Value / 1e6);
        Assert.Equal(summary.Counters.Count, resource.Counters.Count + network.Counters.Count);
        Assert.Equal(resource.WorkingSets.Keys.Order(), summary.WorkingSets.Keys.Order());
    }

    [Theory]
    [InlineData("/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod0b5a1c1e_2f3d_4a5b_8c6d_7e8f90a1b2c3.slice/cri-containerd-00.scope", "0b5a1c1e-2f3d-4a5b-8c6d-7e8f90a1b2c3")]
    [InlineData("/kubepods/besteffort/pod0b5a1c1e-2f3d-4a5b-8c6d-7e8f90a1b2c3/00", "0b5a1c1e-2f3d-4a5b-8c6d-7e8f90a1b2c3")]
    [InlineData("/kubepods/burstable/pod4c5f9e4f0a9d4e2f8b1c3d5e7f901234/00", null)]
    [InlineData("/kubepods", null)]
    [InlineData("pod", null)]
    [InlineData("", null)]
    [InlineData(null, null)]
    public void A_control_group_tells_its_pod(string? group, string? uid) => Assert.Equal(uid, NetworkReadings.OfGroup(group));

    [Fact]
    public void Resets_of_a_cluster_make_no_peak()
    {
        cluster.Fault = new(ApiFaultMode.None, TimeSpan.Zero) { Metrics = new() { ResetEvery = TimeSpan.FromMinutes(4) } };
        var book = new CounterBook();
        var rates = new List<double>();
        var resets = 0;
        for (var i = 0; i < 20; i++)
        {
            foreach (var increase in Take(book, out _, out var tally))
            {
                rates.Add(increase.Increase / (increase.To - increase.From).TotalSeconds);
                resets += tally.Of(CounterOutcome.Reset) > 0 ? 1 : 0;
            }
            clock.Advance(TimeSpan.FromMinutes(1));
        }
        Assert.True(resets > 0);
        Assert.All(rates, r => Assert.InRange(r, 0, 1));
    }

    [Fact]
    public void A_summary_tells_pods_by_uid_and_node()
    {
        var summary = StatsSummaryParser.Parse(Ask("stats/summary"))!;
        Assert.Equal(("work-0", 0, false), (summary.Node, summary.Malformed, summary.CutOff));
        Assert.Equal(cluster.List(Pods).Select(p => (string)p["metadata"]!["uid"]!).Order(), summary.Pods.Select(p => p.Uid).Order());
        Assert.All(summary.Pods, p => Assert.True(p.Used.CpuSeconds > 0 && p.Containers.All(c => c.Used.WorkingSetBytes > 0 && c.Used.Started is not null)));
        Assert.Null(summary.Pods.Single(p => p.Name.StartsWith("kube-proxy", StringComparison.Ordinal)).Used.BytesReceived);
    }

    [Fact]
    public void What_is_broken_is_counted_or_refused_and_never_guessed()
    {
        cluster.Fault = null;
        var whole = ExpositionParser.Parse(Ask("metrics/cadvisor"));
        var half = ExpositionParser.Parse(Ask("metrics/cadvisor").AsSpan(0, Ask("metrics/cadvisor").Length * 3 / 5));
        Assert.True(half.Samples.Count < whole.Samples.Count);
        Assert.True(half.Samples.SequenceEqual(whole.Samples.Take(half.Samples.Count), SameSample.Instance) || half.Malformed == 1);

        Assert.Null(StatsSummaryParser.Parse("{\"node\":{\"nodeName\":\"n\"},\"pods\":["u8.ToArray()));
        Assert.Null(StatsSummaryParser.Parse("[]"u8.ToArray()));
        Assert.Null(StatsSummaryParser.Parse(Encoding.UTF8.GetBytes(new string('[', 100))));
        var odd = StatsSummaryParser.Parse("""
            {"node":{"nodeName":"n","cpu":{"usageCoreNanoSeconds":-5},"memory":[]},
             "pods":[7,{"podRef":{"name":"a","namespace":"b"}},{"podRef":{"name":"a","namespace":"b","uid":"u"},"containers":[{"name":3},{"name":"c","cpu":{"time":"late"}}],"volume":{}}]}
            """u8.ToArray())!;
        Assert.Equal((4, 1), (odd.Malformed, odd.Pods.Count));
        Assert.Null(odd.Used.CpuSeconds);
    }

    [Fact]
    public void Nothing_makes_the_summary_parser_throw()
    {
        var good = Ask("stats/summary");
        Check.QuickThrowOnFailure(Prop.ForAll(Arb.From(Gen.ListOf(Gen.Zip(Gen.Choose(0, good.Length - 1), Gen.Choose(0, 255)))), changes =>
        {
            var bytes = good.ToArray();
            foreach (var (at, to) in changes)
                bytes[at] = (byte)to;
            StatsSummaryParser.Parse(bytes);
            return true;
        }));
    }

    private IReadOnlyList<CounterIncrease> Take(CounterBook book, out KubeletReadings readings) => Take(book, out readings, out _);

    private IReadOnlyList<CounterIncrease> Take(CounterBook book, out KubeletReadings readings, out CounterTally tally)
    {
        readings = ResourceReadings.Of(
            ExpositionParser.Parse(Ask("metrics/resource"), wanted: ResourceReadings.Wanted), "uid-of-cluster", "uid-of-node", Directory(), clock.GetUtcNow());
        (var increases, tally) = book.Take(readings.Counters, _ => 4);
        return increases;
    }

    private PodDirectory Directory() =>
        new(cluster.List(Pods).Select(p => new ListedPod((string)p["metadata"]!["uid"]!, Key(p), (DateTimeOffset)p["metadata"]!["creationTimestamp"]!)));

    private byte[] Ask(string path) => metrics.Kubelet(cluster, "work-0", path, onlyCpuAndMemory: false)!.Body.ToArray();

    private static ObjectKey Key(JsonObject pod) => new((string)pod["metadata"]!["namespace"]!, (string)pod["metadata"]!["name"]!);

    private static decimal ParseCores(JsonNode container) => decimal.Parse(((string)container["usage"]!["cpu"]!)[..^1], System.Globalization.CultureInfo.InvariantCulture) / 1_000_000_000m;

    private sealed class SameSample : IEqualityComparer<MetricSample>
    {
        public static readonly SameSample Instance = new();

        public bool Equals(MetricSample? x, MetricSample? y) => x!.Name == y!.Name && x.Labels.SequenceEqual(y.Labels) && x.Value == y.Value;

        public int GetHashCode(MetricSample sample) => sample.Name.GetHashCode(StringComparison.Ordinal);
    }
}
