using System.Globalization;
using FsCheck.Fluent;
using Fleet.Cost.Allocations;
using Fleet.Cost.Assets;

namespace Fleet.Cost.Tests.Assets;

/// <summary>Worked example V4, and OpenCost's other cases of a volume that pods share from 8 to 9.</summary>
public sealed class SharedTimeTests
{
    private static readonly QueryWindow Hour = Between("8:00", "9:00");

    [Fact]
    public void V4_four_pods_share_a_volume_moment_by_moment()
    {
        var parts = SharedTime.OfVolume(Hour, [("p1", Hour), ("p4", Between("8:00", "8:15")), ("p2", Between("8:30", "9:00")), ("p3", Between("8:45", "9:00"))]);
        Assert.Equal([("p1", .583333), ("p2", .208333), ("p3", .083333), ("p4", .125)], parts.OrderBy(part => part.Key).Select(part => (part.Key, Math.Round(part.Value, 6))));
        var cost = DiskAsset.CostOf(100 * CostUnits.BytesPerGiB, 1, .00005479452);
        foreach (var (pod, expected) in ((string, double)[])[("p1", .003196347), ("p2", .001141553), ("p3", .000456621), ("p4", .000684932)])
            Assert.Equal(expected, parts[pod] * cost, 1e-9);
    }

    [Fact]
    public void V4_time_without_a_pod_is_unmounted() =>
        Assert.Equal([("__unmounted__", .5), ("p1", .5)], Parts(("p1", "8:15", "8:45")));

    [Fact]
    public void Two_pods_one_after_the_other() => Assert.Equal([("p1", .5), ("p2", .5)], Parts(("p1", "8:00", "8:30"), ("p2", "8:30", "9:00")));

    [Fact]
    public void Two_pods_all_of_the_time_together() => Assert.Equal([("__unmounted__", .5), ("p1", .25), ("p2", .25)], Parts(("p1", "8:30", "9:00"), ("p2", "8:30", "9:00")));

    [Fact]
    public void A_gap_between_two_pods() => Assert.Equal([("__unmounted__", .5), ("p1", .25), ("p2", .25)], Parts(("p1", "8:00", "8:15"), ("p2", "8:45", "9:00")));

    [Fact]
    public void A_pod_that_is_told_twice_counts_once() => Assert.Equal([("p1", .5), ("p2", .5)], Parts(("p1", "8:00", "8:40"), ("p1", "8:20", "9:00"), ("p2", "8:00", "9:00")));

    [Fact]
    public void What_is_outside_of_the_volumes_time_does_not_count() => Assert.Equal([("p1", 1.0)], Parts(("p1", "7:00", "10:00"), ("p2", "9:00", "9:30")));

    [Fact]
    public void Nobody_mounts_it() => Assert.Equal([("__unmounted__", 1.0)], Parts());

    [Fact]
    public void A_volume_that_was_never_there_is_an_error() => Assert.Throws<ArgumentException>(() => SharedTime.OfVolume(Between("8:00", "8:00"), []));

    [Fact]
    public void Parts_always_add_up_to_the_whole()
    {
        var mount = from pod in Gen.Choose(0, 4) from one in Gen.Choose(-20, 80) from other in Gen.Choose(-20, 80) select (Pod: pod, From: Math.Min(one, other), To: Math.Max(one, other));
        foreach (var mounts in Gen.ArrayOf(mount).Sample(20, 500))
        {
            var parts = SharedTime.OfVolume(Hour, mounts.Select(mounted => ($"p{mounted.Pod}", new QueryWindow(Hour.Start.AddMinutes(mounted.From), Hour.Start.AddMinutes(mounted.To)))));
            Assert.Equal(1, parts.Values.Sum(), 9);
            Assert.All(parts.Values, part => Assert.InRange(part, 0, 1 + 1e-9));
        }
    }

    [Fact]
    public void A_load_balancer_is_divided_by_the_hours_that_pods_were_behind_it()
    {
        var parts = SharedTime.OfLoadBalancer(Hour, [("p1", Between("7:00", "8:30")), ("p2", Between("8:45", "9:00")), ("p3", Between("9:00", "10:00"))]);
        Assert.Equal([("p1", 2 / 3.0, .5), ("p2", 1 / 3.0, .25)], parts.OrderBy(part => part.Key).Select(part => (part.Key, part.Value.Part, part.Value.Hours)));
    }

    [Fact]
    public void A_load_balancer_without_pods_is_unmounted() =>
        Assert.Equal((1, 0), SharedTime.OfLoadBalancer(Hour, [("p3", Between("9:00", "10:00"))])[AllocationKeys.Unmounted]);

    private static (string, double)[] Parts(params (string Pod, string From, string To)[] mounts) =>
        [.. SharedTime.OfVolume(Hour, mounts.Select(mount => (mount.Pod, Between(mount.From, mount.To)))).OrderBy(part => part.Key, StringComparer.Ordinal).Select(part => (part.Key, Math.Round(part.Value, 9)))];

    private static QueryWindow Between(string from, string to) => new(At(from), At(to));

    private static DateTimeOffset At(string time) => new DateTimeOffset(2021, 2, 19, 0, 0, 0, TimeSpan.Zero) + TimeSpan.Parse(time, CultureInfo.InvariantCulture);
}
