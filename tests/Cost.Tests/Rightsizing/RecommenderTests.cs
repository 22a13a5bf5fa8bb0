using Fleet.Cost.Rightsizing;

namespace Fleet.Cost.Tests.Rightsizing;

public sealed class RecommenderTests
{
    private static readonly DateTimeOffset Time = Examples.Start;

    [Theory]
    [InlineData(.5, .587805)]
    [InlineData(.1, .126805)]
    [InlineData(2, 2.407502)]
    public void Vector_constant_CPU(double cores, double target) => Assert.Equal(target, Recommender.Of(Constant(cores, 300, 2880), 1)!.Cpu.Target, 6);

    [Fact]
    public void Vector_a_peak_of_300_MiB()
    {
        var usage = Constant(.5, 300, 2880);
        Assert.Equal(330_659_541, usage.Memory.Percentile(.9), 1.0);
        Assert.Equal(380_258_472, Recommender.Of(usage, 1)!.Memory.Target, 1.0);
    }

    [Fact]
    public void Vector_confidence_of_nine_samples_two_minutes_apart()
    {
        var usage = new ContainerUsage();
        for (var sample = 0; sample < 9; sample++)
            usage.AddCpu(1, Time.AddMinutes(2 * sample));
        Assert.Equal(.00625, usage.ConfidenceDays, 9);
        Assert.Equal(907.46, 3.14 * Recommender.Confidence(usage.ConfidenceDays, .1, 2), 2);
    }

    [Fact]
    public void Bounds_close_in_as_days_pass()
    {
        var hour = Recommender.Of(Constant(.5, 300, 60), 1)!;
        var week = Recommender.Of(Constant(.5, 300, 7 * 1440), 1)!;
        Assert.True(hour.Cpu.LowerBound < week.Cpu.LowerBound && week.Cpu.LowerBound < week.Cpu.Target);
        Assert.True(hour.Cpu.UpperBound > week.Cpu.UpperBound && week.Cpu.UpperBound > week.Cpu.Target);
        Assert.Equal(week.Cpu.Target * (1 + 1 / week.ConfidenceDays), week.Cpu.UpperBound, 9);
        Assert.True(week.Cpu.Asks(1));
        Assert.False(week.Cpu.Asks(.6));
        Assert.False(hour.Cpu.Asks(5));
    }

    [Fact]
    public void A_pod_has_a_least_size_that_its_containers_share()
    {
        var two = Recommender.Of(Constant(.001, 1, 1440), 2)!;
        Assert.Equal((.0125, 125e6), (two.Cpu.Target, two.Memory.Target));
        Assert.Equal(.025, Recommender.Of(Constant(.001, 1, 1440), 1)!.Cpu.LowerBound);
    }

    [Fact]
    public void Only_the_peak_of_a_day_counts()
    {
        var steady = Constant(.5, 100, 8 * 1440);
        var spiky = Constant(.5, 100, 8 * 1440, minute => minute % 1440 == 700 ? 900 : 100);
        Assert.True(Recommender.Of(spiky, 1)!.Memory.Target > 3 * Recommender.Of(steady, 1)!.Memory.Target);
    }

    [Theory]
    [InlineData(100, 200)]
    [InlineData(1000, 1200)]
    public void A_kill_for_memory_asks_for_more_than_was_seen(double seenMiB, double expectedMiB)
    {
        Assert.Equal(expectedMiB * CostUnits.BytesPerMiB, ContainerUsage.AfterOutOfMemory(seenMiB * CostUnits.BytesPerMiB), 1.0);
        var usage = Constant(.5, seenMiB, 60);
        usage.AddOutOfMemory(seenMiB * CostUnits.BytesPerMiB, Time.AddMinutes(61));
        var recommendation = Recommender.Of(usage, 1)!;
        Assert.Equal(1, recommendation.OutOfMemoryKills);
        Assert.True(recommendation.Memory.Target >= expectedMiB * CostUnits.BytesPerMiB);
    }

    [Fact]
    public void Evidence_goes_with_the_recommendation()
    {
        var recommendation = Recommender.Of(Constant(.5, 100, 1441), 1)!;
        Assert.Equal((Time, Time.AddDays(1), 1441, 1.0), (recommendation.From, recommendation.Until, recommendation.Samples, recommendation.ConfidenceDays));
        Assert.Null(Recommender.Of(new ContainerUsage(), 1));
    }

    [Fact]
    public void Vector_two_replicas_by_the_rules_of_other_tools()
    {
        var maximum = ReplicaPeaks.Maximum([new(.120, 300 * CostUnits.BytesPerMiB), new(.800, 120 * CostUnits.BytesPerMiB)]);
        Assert.Equal(new ReplicaPeak(.800, 300 * CostUnits.BytesPerMiB), maximum);
        Assert.Equal(.125, ReplicaPeaks.ForUtilization(new(.100, 0), .8).CpuCores, 12);
        Assert.Equal(new ReplicaPeak(.010, 20 * CostUnits.BytesPerMiB), ReplicaPeaks.ForUtilization(new(.001, 1), .7));
        Assert.Equal(345 * CostUnits.BytesPerMiB, ReplicaPeaks.BufferedMemory(maximum), 1.0);
    }

    [Fact]
    public void Vector_savings_of_two_controllers_are_5110_a_month()
    {
        var first = SavingsProjection.InWindow([new(3, 1, .25)], 7);
        var second = SavingsProjection.InWindow([new(3, 2, .25)], 7);
        Assert.Equal((3.50, 1.75), (first, second));
        Assert.Equal(5110.00, SavingsProjection.InMonth(first + second, .75), 9);
    }

    [Fact]
    public void Vector_savings_of_one_controller_are_3406_67_a_month() =>
        Assert.Equal(3406.67, SavingsProjection.InMonth(SavingsProjection.InWindow([new(3, 2, .25), new(3, 2, .25)], 7), .75), 2);

    private static ContainerUsage Constant(double cores, double mib, int minutes, Func<int, double>? memory = null)
    {
        var usage = new ContainerUsage();
        for (var minute = 0; minute < minutes; minute++)
        {
            usage.AddCpu(cores, Time.AddMinutes(minute));
            usage.AddMemory((memory?.Invoke(minute) ?? mib) * CostUnits.BytesPerMiB, Time.AddMinutes(minute));
        }
        return usage;
    }
}
