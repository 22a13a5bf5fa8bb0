using Fleet.Cost.Prices;
using Fleet.Observability.Hours;
using Fleet.Observability.Objects;
using Fleet.Observability.Recommendations.Usage;

namespace Fleet.Observability.Tests.Recommendations;

public sealed class UsageBookTests
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly WorkloadContainer Web = new("shop", "deployment", "web", "app");

    private readonly UsageBook book = new();

    [Fact]
    public void Pods_of_a_controller_are_measured_together_and_those_of_nobody_not_at_all()
    {
        Look(0, [Pod("a"), Pod("b"), Pod("lonely") with { Controller = "", ControllerKind = "" }], ("a", 0.1), ("b", 0.3), ("lonely", 9));
        var usage = Assert.Single(book.Containers);
        Assert.Equal((Web, 2, 0.3f), (usage.Key, usage.Value.Samples, (float)usage.Value.Peaks.Cpu));
    }

    [Fact]
    public void What_was_not_measured_is_no_zero()
    {
        Look(0, [Pod("a")]);
        Assert.Empty(book.Containers);
    }

    [Fact]
    public void A_kill_for_memory_counts_once_however_often_its_status_is_seen()
    {
        var killed = Pod("a", killed: Noon.AddMinutes(-1));
        Look(0, [killed], ("a", 0.1));
        Look(1, [killed], ("a", 0.1));
        Assert.Equal(1, book.Containers[Web].OutOfMemoryKills);
        Look(2, [Pod("a", killed: Noon.AddMinutes(2))], ("a", 0.1));
        Assert.Equal(2, book.Containers[Web].OutOfMemoryKills);
    }

    [Fact]
    public void It_is_bounded_and_says_what_it_left_out()
    {
        var pods = Enumerable.Range(0, UsageBook.MostContainers + 3).Select(i => Pod($"p{i}") with { Controller = $"c{i}" }).ToList();
        Look(0, pods, [.. pods.Select(pod => (pod.Uid, 0.1))]);
        Assert.Equal((UsageBook.MostContainers, 3), (book.Containers.Count, book.LeftOut));
        // What has gone makes room in time.
        Look(15 * 24 * 60, [Pod("a")], ("a", 0.1));
        Look(15 * 24 * 60 + 1, [Pod("a")], ("a", 0.1));
        Assert.Equal((1, 0), (book.Containers.Count, book.LeftOut));
    }

    [Fact]
    public void What_is_unused_keeps_its_time_until_it_is_used_again()
    {
        book.Unused(new Dictionary<string, DateTimeOffset> { ["disk a"] = Noon, ["disk b"] = Noon });
        book.Unused(new Dictionary<string, DateTimeOffset> { ["disk a"] = Noon.AddDays(1) });
        Assert.Equal(Noon, Assert.Single(book.UnusedSince).Value);
        book.Unused(new Dictionary<string, DateTimeOffset> { ["disk b"] = Noon.AddDays(2) });
        Assert.Equal(("disk b", Noon.AddDays(2)), (book.UnusedSince.Single().Key, book.UnusedSince.Single().Value));
    }

    [Fact]
    public void A_checkpoint_brings_everything_back()
    {
        for (var minute = 0; minute < 3000; minute++)
            Look(minute, [Pod("a", killed: Noon.AddMinutes(5))], ("a", 0.1 + minute % 50 / 100.0));
        book.Unused(new Dictionary<string, DateTimeOffset> { ["disk a"] = Noon });
        var bytes = UsageCheckpoint.Write(book);
        // A cluster of fifty workloads is some twenty kilobytes.
        Assert.True(bytes.Length < 1500, $"{bytes.Length} bytes");
        var read = UsageCheckpoint.Read(bytes)!;
        Assert.Equal(book.UnusedSince, read.UnusedSince);
        var (expected, usage) = (book.Containers[Web], read.Containers[Web]);
        Assert.Equal(
            (expected.Samples, expected.FirstSample, expected.LastSample, expected.OutOfMemoryKills, expected.LastKill, expected.Cpu.Percentile(.9), expected.Memory.Percentile(.9)),
            (usage.Samples, usage.FirstSample, usage.LastSample, usage.OutOfMemoryKills, usage.LastKill, usage.Cpu.Percentile(.9), usage.Memory.Percentile(.9)));
        Assert.Equal(bytes, UsageCheckpoint.Write(read));
    }

    [Fact]
    public void Bytes_that_are_no_checkpoint_begin_anew()
    {
        Look(0, [Pod("a")], ("a", 0.1));
        var bytes = UsageCheckpoint.Write(book);
        Assert.Null(UsageCheckpoint.Read([]));
        Assert.Null(UsageCheckpoint.Read([99, .. bytes[1..]]));
        for (var length = 1; length < bytes.Length; length++)
            Assert.Null(UsageCheckpoint.Read(bytes[..length]));
        var random = new Random(1);
        for (var round = 0; round < 2000; round++)
        {
            var torn = (byte[])bytes.Clone();
            torn[random.Next(torn.Length)] = (byte)random.Next(256);
            // Whatever it reads, it does not throw and does not take memory for numbers that can not be.
            _ = UsageCheckpoint.Read(torn);
        }
    }

    [Fact]
    public void A_checkpoint_of_the_version_before_is_read_and_knows_no_memory_by_hour_yet()
    {
        for (var minute = 0; minute < 3 * 24 * 60; minute += 5)
            Look(minute, [Pod("a")], ("a", 0.1));
        var bytes = UsageCheckpoint.Write(book);
        Assert.True(UsageCheckpoint.Read(bytes)!.Containers[Web].MemoryHours.Days > 1);
        // One container, and nothing unused: what version 2 has more lies before the last count.
        var older = (byte[])[1, .. bytes[1..^(4 + 2 + 2 * 24 * 4 + 8 + 8 + 4)], .. bytes[^4..]];
        var usage = UsageCheckpoint.Read(older)!.Containers[Web];
        Assert.Equal(book.Containers[Web].Hours.Means, usage.Hours.Means);
        Assert.Equal((0, book.Containers[Web].Samples), (usage.MemoryHours.Days, usage.Samples));
    }

    private void Look(double minute, IReadOnlyList<PodRow> pods, params (string Pod, double Cores)[] usage) => book.Look(new(
        "team/prod", "uid", null!, null!, new PriceBook([]), new() { Pods = pods }, usage.ToDictionary(used => new ContainerKey(used.Pod, "app"), used => new Usage(used.Cores, 1e8)), Noon.AddMinutes(minute)));

    private static PodRow Pod(string uid, DateTimeOffset? killed = null) => new()
    {
        Uid = uid, Key = new("shop", uid), ControllerKind = "deployment", Controller = "web",
        Containers = Sequence<ContainerRow>.Of([new("app", 0.5, 1e9, 0, Noon, null, 0) { KilledForMemory = killed }]),
    };
}
