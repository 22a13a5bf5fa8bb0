using Fleet.ControlPlane.Simulation.Usage;

namespace Fleet.ControlPlane.Tests.Simulation.Usage;

/// <summary>Usage over time, as pure functions.</summary>
public sealed class ContainerUsageTests
{
    private const double Gibi = 1024d * 1024 * 1024;

    // A Monday.
    private static readonly DateTimeOffset Monday = new(2026, 10, 26, 0, 0, 0, TimeSpan.Zero);

    public static TheoryData<UsagePattern> Patterns => [.. Enum.GetValues<UsagePattern>()];

    [Theory, MemberData(nameof(Patterns))]
    public void The_integral_is_the_area_below_the_rate(UsagePattern pattern)
    {
        var usage = Usage(pattern);
        var (from, to) = (Monday.AddHours(3).AddSeconds(7), Monday.AddDays(9).AddMinutes(41));
        var sum = 0d;
        var step = TimeSpan.FromSeconds(20);
        for (var time = from; time < to; time += step)
            sum += usage.CpuCores(time + step / 2) * Math.Min(step.TotalSeconds, (to - time).TotalSeconds);

        Assert.InRange(usage.CpuSeconds(from, to) / sum, 0.9999, 1.0001);
    }

    [Theory, MemberData(nameof(Patterns))]
    public void Pieces_add_up_to_the_whole_and_no_counter_goes_back(UsagePattern pattern)
    {
        var usage = Usage(pattern);
        var end = Monday.AddDays(35);
        var (pieces, last) = (0d, 0d);
        for (var time = Monday; time < end; time = time.AddMinutes(17))
        {
            Assert.True(usage.CpuCores(time) > 0, $"negative at {time}");
            var counter = usage.CpuSeconds(Monday, time);
            Assert.True(counter >= last, $"back at {time}");
            last = counter;
            pieces += usage.CpuSeconds(time, time.AddMinutes(17) < end ? time.AddMinutes(17) : end);
        }
        Assert.Equal(usage.CpuSeconds(Monday, end), pieces, 3);
    }

    [Theory]
    [InlineData(UsagePattern.Steady, 0.5, 0.7)]
    [InlineData(UsagePattern.Daily, 0.35, 0.55)]
    [InlineData(UsagePattern.Weekly, 0.3, 0.5)]
    [InlineData(UsagePattern.OverRequesting, 0.04, 0.06)]
    [InlineData(UsagePattern.UnderRequesting, 1.4, 1.8)]
    [InlineData(UsagePattern.Idle, 0.0, 0.02)]
    public void A_pattern_uses_its_share_of_the_request(UsagePattern pattern, double least, double most)
    {
        var week = TimeSpan.FromDays(7);
        Assert.InRange(Usage(pattern).CpuSeconds(Monday, Monday + week) / week.TotalSeconds / 2, least, most);
    }

    [Fact]
    public void Days_and_weeks_have_a_rhythm_and_bursts_are_bursts()
    {
        var daily = Usage(UsagePattern.Daily);
        Assert.True(Hour(daily, 1, 15) > 2 * Hour(daily, 1, 4));
        Assert.True(Hour(daily, 5, 15) > 2 * Hour(daily, 5, 4), "Saturdays too");
        var weekly = Usage(UsagePattern.Weekly);
        Assert.True(Hour(weekly, 1, 14) > 4 * Hour(weekly, 1, 2));
        Assert.True(Hour(weekly, 1, 14) > 4 * Hour(weekly, 5, 14), "not on Saturdays");
        var batch = Usage(UsagePattern.Batch);
        var hours = Enumerable.Range(0, 24 * 4).Select(quarter => batch.CpuSeconds(Monday.AddMinutes(15 * quarter), Monday.AddMinutes(15 * quarter + 15))).Order().ToList();
        Assert.True(hours[^4] > 20 * hours[48]);
    }

    [Theory, MemberData(nameof(Patterns))]
    public void Limits_hold(UsagePattern pattern)
    {
        var usage = new ContainerUsage(Load(pattern) with { CpuLimit = 2, MemoryLimit = Gibi });
        for (var time = Monday; time < Monday.AddDays(8); time = time.AddMinutes(3))
        {
            Assert.InRange(usage.CpuCores(time), 0, 2);
            Assert.InRange(usage.WorkingSetBytes(Monday, time), 1, Gibi * 1.000001);
        }
    }

    [Fact]
    public void A_leak_grows_to_its_limit_is_killed_and_starts_anew()
    {
        var usage = new ContainerUsage(Load(UsagePattern.Leak) with { MemoryLimit = Gibi, LeakFor = TimeSpan.FromHours(6) });
        var start = Monday.AddMinutes(5);
        var before = usage.At(start, start.AddHours(6).AddSeconds(-1));
        var after = usage.At(start, start.AddHours(6).AddSeconds(1));

        Assert.InRange(before.WorkingSetBytes, 0.99 * Gibi, Gibi);
        Assert.InRange(after.WorkingSetBytes, 1, 0.6 * Gibi);
        Assert.Equal((0, 1, start.AddHours(6)), (before.Restarts, after.Restarts, after.Started));
        Assert.True(before.CpuSeconds > 10_000 && after.CpuSeconds < 5, "its counter begins anew");
        // The pod's network goes on.
        Assert.True(usage.BytesReceived(start, start.AddHours(6).AddSeconds(1)) > usage.BytesReceived(start, start.AddHours(6).AddSeconds(-1)));
        // Found out later, it is the same.
        Assert.Equal(usage.RunAt(start, start.AddHours(20)), (usage.RunAt(start.AddHours(12), start.AddHours(20)).Started, 3));
    }

    [Fact]
    public void A_row_of_history_sums_exactly_and_keeps_the_peaks()
    {
        var usage = new ContainerUsage(Load(UsagePattern.Leak) with { MemoryLimit = Gibi, LeakFor = TimeSpan.FromHours(6) });
        var row = usage.Between(Monday, Monday.AddHours(5), Monday.AddHours(8));
        Assert.Equal((TimeSpan.FromHours(3), 1, Gibi), (row.Lived, row.Restarts, row.WorkingSetBytesMost));
        var sum = 0d;
        for (var time = Monday.AddHours(5); time < Monday.AddHours(8); time = time.AddSeconds(10))
            sum += usage.WorkingSetBytes(Monday, time.AddSeconds(5)) * 10;
        Assert.InRange(row.MemoryByteSeconds / sum, 0.999, 1.001);
        Assert.Equal(usage.CpuSeconds(Monday.AddHours(5), Monday.AddHours(8)), row.CpuSeconds);

        var young = usage.Between(Monday, Monday.AddHours(-2), Monday.AddMinutes(30));
        Assert.Equal(TimeSpan.FromMinutes(30), young.Lived);
        Assert.Equal(default, usage.Between(Monday, Monday.AddHours(-2), Monday));
    }

    [Fact]
    public void The_same_container_always_uses_the_same_and_its_replica_nearly()
    {
        var time = Monday.AddHours(10);
        var one = Usage(UsagePattern.Daily).At(Monday, time);
        Assert.Equal(one, Usage(UsagePattern.Daily).At(Monday, time));
        var replica = new ContainerUsage(Load(UsagePattern.Daily) with { Container = "c/shop/web-2/app" }).At(Monday, time);
        Assert.NotEqual(one.CpuCores, replica.CpuCores);
        Assert.InRange(replica.CpuCores / one.CpuCores, 0.5, 2);
    }

    [Fact]
    public void Patterns_are_spread_over_workloads_and_stay()
    {
        var seen = Enumerable.Range(0, 2_000).Select(i => UsagePatterns.Of("team", $"app-{i}")).GroupBy(p => p).ToDictionary(g => g.Key, g => g.Count());
        Assert.All(Enum.GetValues<UsagePattern>(), p => Assert.True(seen.GetValueOrDefault(p) > 10, $"{p} is rare"));
        Assert.Equal(UsagePattern.Steady, UsagePatterns.Of("kube-system", "app-1"));
    }

    [Fact]
    public void A_volume_is_never_fuller_than_it_is_and_fills_up()
    {
        var days = Enumerable.Range(0, 28 * 4).Select(i => VolumeUsage.UsedBytes("c", "data", "disk-0", 100, Monday.AddHours(6 * i))).ToList();
        Assert.All(days, used => Assert.InRange(used, 0, 100));
        Assert.True(days.Max() > days.Min());
        Assert.True(days.Zip(days.Skip(1)).Count(pair => pair.Second > pair.First) > 100);
    }

    private static double Hour(ContainerUsage usage, int day, int hour) => usage.CpuSeconds(Monday.AddDays(day).AddHours(hour), Monday.AddDays(day).AddHours(hour + 1));

    private static ContainerUsage Usage(UsagePattern pattern) => new(Load(pattern));

    private static ContainerLoad Load(UsagePattern pattern) =>
        new() { Workload = "c/shop/web", Container = "c/shop/web-1/app", Pattern = pattern, CpuRequest = 2, MemoryRequest = Gibi / 2 };
}
