using Fleet.Cost.Allocations;
using Fleet.Kubernetes.Core;
using Fleet.Kubernetes.Objects;
using Fleet.Observability.Backfill;
using Fleet.Observability.Clusters;
using Fleet.Observability.Pricing;

namespace Fleet.Observability.Tests.Hours;

public sealed class PastHoursTests
{
    private const double GiB = 1024 * 1024 * 1024;

    private static readonly DateTimeOffset Noon = new(2026, 11, 1, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Hours_of_the_past_are_as_looks_would_have_made_them()
    {
        var now = new ClusterSnapshot
        {
            Nodes = [new() { Uid = "n", Name = "n", Cores = 4, RamBytes = 8 * GiB, Created = Noon.AddDays(9) }],
            Volumes = [new("pv", "pv", "fast", GiB, new ObjectKey("shop", "data"), "", "Bound", Noon.AddDays(9)), new("lost", "lost", "fast", GiB, null, "", "Released", Noon.AddDays(9))],
        };
        // One release until half past twelve, the next one from then on.
        var hours = PastHours.Of(now, [Pod("old", Noon.AddDays(-1), Noon.AddMinutes(30)), Pod("new", Noon.AddMinutes(30), Noon.AddDays(1)), Pod("later", Noon.AddHours(5), Noon.AddDays(1))], new(Noon, Noon.AddHours(2)));

        Assert.Equal([2, 1], hours.Select(hour => hour.Containers.Count));
        Assert.All(hours, hour => Assert.Equal((3600d, 3600d, 3600d), (hour.SeenSeconds, hour.InferredSeconds, hour.Nodes["n"].Seconds)));
        var old = hours[0].Containers[new("old", "app")];
        Assert.Equal((Noon, Noon.AddMinutes(30), 1800d, 1800d), (old.Start, old.End, old.Seconds, old.MeasuredSeconds));
        Assert.Equal((1800d, 900d, 1800d, 3d), (old.Cpu.Requested, old.Cpu.Used, old.Cpu.Allocated, old.Cpu.PeakUsed));
        Assert.Equal((18d, 36d), (old.BytesReceived, old.BytesSent));
        Assert.Equal([1800d, 1800d], hours[0].Volumes["pv"].PodSeconds.OrderBy(pod => pod.Key).Select(pod => pod.Value));
        Assert.Equal((0d, 3600d), (hours[0].Volumes["pv"].UnmountedSeconds, hours[0].Volumes["lost"].UnmountedSeconds));

        var usage = HourUsage.Of(hours[1], "team/a", new PodMetadata([], []));
        Assert.Equal((1d, 0.5, 36d), (usage.Containers[0].Cpu.Allocated, usage.Containers[0].Cpu.Used, usage.Containers[0].ReceiveBytes));
        Assert.Equal(1d, usage.Volumes[0].Parts["new"]);
        Assert.Equal(1d, usage.Volumes[1].Parts[AllocationKeys.Unmounted]);
    }

    [Fact]
    public void Nothing_uses_more_than_its_machine_has()
    {
        var now = new ClusterSnapshot { Nodes = [new() { Uid = "n", Name = "n", Cores = 2.25, RamBytes = 8 * GiB }] };
        var busy = Pod("busy", Noon.AddDays(-1), Noon.AddDays(1)) with { Usage = [(start, end) => new((end - start).TotalSeconds * 3, 4, 0, 0, 0, 0)] };
        var hour = PastHours.Of(now, [busy, Pod("usual", Noon.AddDays(-1), Noon.AddDays(1))], new(Noon, Noon.AddHours(1)))[0];
        // Of the two cores beyond its request there is room for a quarter of one.
        Assert.Equal((1.25 * 3600, 1d * 3600), (hour.Containers[new("busy", "app")].Cpu.Allocated, hour.Containers[new("usual", "app")].Cpu.Allocated));
    }

    /// <summary>Half of the core that it requests, and ten bytes a second; once three cores.</summary>
    private static PastPodUsage Pod(string name, DateTimeOffset from, DateTimeOffset to) => new(
        new Pod
        {
            Metadata = new() { Name = name, Namespace = "shop", Uid = name },
            Spec = new()
            {
                NodeName = "n",
                Containers = [new() { Name = "app", Resources = new() { Requests = new() { ["cpu"] = "1", ["memory"] = "1Gi" } } }],
                Volumes = [new() { Name = "data", PersistentVolumeClaim = new() { ClaimName = "data" } }],
            },
            Status = new() { ContainerStatuses = [new() { Name = "app", State = new() { Running = new() { StartedAt = from } } }] },
        },
        from, to, [(start, end) => (end - start).TotalSeconds is var seconds ? new(seconds / 2, 3, seconds * GiB, GiB, seconds / 100, seconds / 50) : default]);
}
