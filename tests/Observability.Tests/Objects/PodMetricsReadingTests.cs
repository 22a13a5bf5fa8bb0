using Fleet.Kubernetes.Objects;
using Fleet.Observability.Hours;
using Fleet.Observability.Metrics;
using Fleet.Observability.Objects;

namespace Fleet.Observability.Tests.Objects;

public sealed class PodMetricsReadingTests
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 1, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Usage_is_told_by_name_and_kept_by_uid()
    {
        var usage = PodMetricsReading.Of([Metrics("web", "250m", "64Mi")], TimeSpan.Zero).Of([Pod("web", "uid-1", Noon.AddHours(-1))]);
        Assert.Equal(new Usage(0.25, 64 * 1024 * 1024), usage[new("uid-1", "app")]);
    }

    [Fact]
    public void A_pod_made_anew_does_not_take_the_figures_of_the_one_before()
    {
        var reading = PodMetricsReading.Of([Metrics("web", "4", "1Gi")], TimeSpan.Zero);
        Assert.Empty(reading.Of([Pod("web", "uid-2", Noon.AddSeconds(5))]));
    }

    [Fact]
    public void Entries_that_say_nothing_are_left_out()
    {
        var nameless = new PodMetrics { Timestamp = Noon, Containers = [new() { Name = "app", Usage = new() { ["cpu"] = "1" } }] };
        var bare = new PodMetrics { Metadata = new() { Name = "bare", Namespace = "team" }, Timestamp = Noon, Containers = [new() { Name = "app" }, new() { Usage = [] }] };
        var reading = PodMetricsReading.Of([nameless, bare, Metrics("web", "lots", "-5")], TimeSpan.Zero);
        Assert.Equal([new Usage(0, 0)], reading.Containers.Values);
    }

    private static PodMetrics Metrics(string pod, string cpu, string memory) => new()
    {
        Metadata = new() { Name = pod, Namespace = "team" },
        Timestamp = Noon,
        Containers = [new() { Name = "app", Usage = new() { ["cpu"] = cpu, ["memory"] = memory } }],
    };

    private static PodRow Pod(string name, string uid, DateTimeOffset started) => new()
    {
        Uid = uid, Key = new ObjectKey("team", name), Containers = Sequence<ContainerRow>.Of([new("app", 0, 0, 0, started, null, 0)]),
    };
}
