using Fleet.Kubernetes.Objects;
using Fleet.Observability.Clusters;
using Fleet.Observability.Hours;
using Fleet.Observability.Objects;

namespace Fleet.Observability.Tests.Hours;

public sealed class HourBookTests
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly HourBook book = new(TimeSpan.FromMinutes(3), TimeSpan.FromDays(7));

    [Fact]
    public void What_is_paid_for_is_the_greater_of_request_and_usage_at_each_moment()
    {
        var seen = Seen(pods: [Pod("a", request: 1)]);
        Look(seen, 0);
        Look(seen, 1, ("a", 0.25));
        Look(seen, 2, ("a", 3));
        var cpu = Container("a").Cpu;
        Assert.Equal((120d, 60 * 0.25 + 60 * 3, 60d + 180d, 3d), (cpu.Requested, cpu.Used, cpu.Allocated, cpu.PeakUsed));
        Assert.Equal((120d, 120d), (Container("a").Seconds, Container("a").MeasuredSeconds));
    }

    [Fact]
    public void The_first_look_accounts_for_nothing()
    {
        Look(Seen(nodes: [Node()], pods: [Pod("a")]), 0);
        Assert.Empty(book.Hours);
    }

    [Fact]
    public void An_hour_ends_on_the_full_hour()
    {
        var seen = Seen(nodes: [Node()], pods: [Pod("a")]);
        Look(seen, 58);
        Look(seen, 60.5);
        Assert.Equal([(Noon, 120d), (Noon.AddHours(1), 30d)], book.Hours.Select(hour => (hour.Hour, hour.Nodes["node"].Seconds)));
        Assert.Equal([120d, 30d], book.Hours.Select(hour => hour.Containers.Values.Single().Seconds));
    }

    [Theory]
    [InlineData(0.5, null, 30)] // began between two looks
    [InlineData(-60, 0.25, 15)] // ended between two looks
    [InlineData(0.25, 0.75, 30)] // came and went between two looks
    [InlineData(-60, -30.0, 0)] // has been over for long
    public void A_container_pays_for_its_own_time_whatever_the_pace_of_the_looks(double started, double? ended, double seconds)
    {
        Look(Seen(), 0);
        Look(Seen(pods: [Pod("a", started, ended)]), 1);
        Assert.Equal(seconds, book.Hours.Single().Containers.Values.Sum(container => container.Seconds), 6);
    }

    [Fact]
    public void A_pod_that_has_gone_pays_until_then()
    {
        Look(Seen(pods: [Pod("a")]), 0);
        book.Look(Seen(), [new(Pod("a"), At(0.5))], new Dictionary<ContainerKey, Usage>(), At(1));
        Assert.Equal(30, Container("a").Seconds);
    }

    [Fact]
    public void A_gap_is_filled_from_what_ran_through_it_without_usage()
    {
        var seen = Seen(pods: [Pod("a", request: 2), Pod("b", started: 30, request: 1)]);
        Look(Seen(pods: [Pod("a", request: 2)]), 0);
        Look(seen, 50, ("a", 8), ("b", 8));
        Assert.Equal((3000d, 0d, 6000d), (Container("a").Seconds, Container("a").MeasuredSeconds, Container("a").Cpu.Allocated));
        Assert.Equal(1200, Container("b").Seconds);
        Assert.Equal((3000d, 3000d), (book.Hours.Single().SeenSeconds, book.Hours.Single().InferredSeconds));
    }

    [Fact]
    public void Only_the_end_of_a_very_long_gap_is_filled()
    {
        book.Resume(Noon.AddDays(-400));
        Look(Seen(nodes: [Node()]), 0);
        Assert.Equal(7 * 24, book.Hours.Count);
    }

    [Fact]
    public void A_new_process_goes_on_where_the_last_one_stopped()
    {
        book.Resume(At(0));
        Look(Seen(pods: [Pod("a")]), 1);
        Assert.Equal(60, Container("a").Seconds);
    }

    [Fact]
    public void A_clock_that_goes_back_adds_nothing()
    {
        var seen = Seen(pods: [Pod("a")]);
        Look(seen, 5);
        Look(seen, 1);
        Look(seen, 6);
        Assert.Equal(60, Container("a").Seconds);
    }

    [Fact]
    public void Pods_share_a_disk_by_time_and_the_rest_is_unmounted()
    {
        var volume = new VolumeRow("pv", "pv", "fast", 1e9, new("team", "data"), "", "Bound", Noon.AddDays(-1));
        Look(Seen(volumes: [volume]), 0);
        Look(Seen(volumes: [volume], pods: [Pod("a", claim: "data"), Pod("b", claim: "data")]), 1);
        Look(Seen(volumes: [volume], pods: [Pod("a", claim: "data")]), 2);
        Look(Seen(volumes: [volume]), 3);
        var hour = book.Hours.Single().Volumes["pv"];
        Assert.Equal((180d, 60d, 90d, 30d), (hour.Seconds, hour.UnmountedSeconds, hour.PodSeconds["a"], hour.PodSeconds["b"]));
    }

    [Fact]
    public void A_load_balancer_is_shared_by_the_pods_behind_it_from_its_address_on()
    {
        var service = new ServiceRow("lb", new("team", "web"), Texts.Of(new Dictionary<string, string> { ["app"] = "a" }), true, "", 1, Noon.AddDays(-1));
        Look(Seen(services: [service], pods: [Pod("a")]), 0);
        Look(Seen(services: [service], pods: [Pod("a")]), 1);
        Assert.Empty(book.Hours.Single().Balancers);
        Look(Seen(services: [service with { Address = "192.0.2.1" }], pods: [Pod("a"), Pod("b")]), 2);
        Look(Seen(services: [service with { Address = "192.0.2.1" }], pods: [Pod("b")]), 3);
        var hour = book.Hours.Single().Balancers["lb"];
        Assert.Equal((120d, 60d, 60d, 1), (hour.Seconds, hour.IdleSeconds, hour.PodSeconds["a"], hour.PodSeconds.Count));
    }

    [Fact]
    public void Traffic_goes_to_the_hours_by_time_and_disks_are_as_full_as_they_are_told_to_be()
    {
        var volume = new VolumeRow("pv", "pv", "fast", 100, new ObjectKey("team", "data"), "", "Bound", Noon.AddDays(-2));
        var seen = Seen(pods: [Pod("a", claim: "data")], volumes: [volume]);
        Look(seen, 59);
        var counted = new CountedUsage(new Dictionary<string, Traffic> { ["a"] = new(100, 40), ["gone"] = new(7, 7) }, new Dictionary<ObjectKey, double> { [new("team", "data")] = 25 });
        book.Look(seen, [], new Dictionary<ContainerKey, Usage>(), At(61), default, counted);
        book.Look(seen, [], new Dictionary<ContainerKey, Usage>(), At(62));
        Assert.Equal([(50d, 20d), (50d, 20d)], book.Hours.Select(hour => hour.Containers.Values.Single()).Select(row => (row.BytesReceived, row.BytesSent)));
        Assert.Equal([25d * 60, 25d * 60], book.Hours.Select(hour => hour.Volumes["pv"].UsedByteSeconds));
    }

    private ContainerHour Container(string pod) => book.Hours.Single().Containers[new(pod, "app")];

    private void Look(ClusterSnapshot seen, double minute, params (string Pod, double Cores)[] usage) =>
        book.Look(seen, [], usage.ToDictionary(used => new ContainerKey(used.Pod, "app"), used => new Usage(used.Cores, 0)), At(minute));

    private static DateTimeOffset At(double minute) => Noon.AddMinutes(minute);

    private static ClusterSnapshot Seen(
        IReadOnlyList<NodeRow>? nodes = null, IReadOnlyList<PodRow>? pods = null, IReadOnlyList<VolumeRow>? volumes = null, IReadOnlyList<ServiceRow>? services = null) =>
        new() { Nodes = nodes ?? [], Pods = pods ?? [], Volumes = volumes ?? [], Services = services ?? [] };

    private static NodeRow Node() => new() { Uid = "node", Name = "node", Created = Noon.AddDays(-30) };

    private static PodRow Pod(string name, double started = -600, double? ended = null, double request = 0, string? claim = null) => new()
    {
        Uid = name,
        Key = new ObjectKey("team", name),
        Labels = Texts.Of(new Dictionary<string, string> { ["app"] = name }),
        Containers = Sequence<ContainerRow>.Of([new("app", request, 0, 0, At(started), ended is { } end ? At(end) : null, 0)]),
        Claims = Sequence<string>.Of(claim is null ? [] : [claim]),
    };
}
