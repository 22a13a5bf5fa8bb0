using Fleet.Cost.Rightsizing;

namespace Fleet.Cost.Tests.Rightsizing;

public sealed class RightsizerTests
{
    private const double MiB = CostUnits.BytesPerMiB;

    private static readonly DateTimeOffset Time = Examples.Start;

    /// <summary>The autoscaler's vector: 0.5 cores are 0.587805, and 300 MiB are 380,258,472 bytes.</summary>
    [Fact]
    public void Vector_of_a_steady_container_in_readable_amounts()
    {
        var advice = Rightsizer.Of(Case(.5, 300, request: 2, memory: 2048))!;
        Assert.Equal(("600m", "363Mi"), (ReadableAmounts.Cpu(advice.Cpu.Request), ReadableAmounts.Memory(advice.Memory.Request)));
        Assert.Equal((RightsizingVerdict.Lower, RightsizingVerdict.Lower), (advice.Cpu.Verdict, advice.Memory.Verdict));
    }

    public static TheoryData<string, double, double, RightsizingVerdict, RightsizingVerdict> Verdicts => new()
    {
        { "both too much", 2, 2048, RightsizingVerdict.Lower, RightsizingVerdict.Lower },
        { "both too little", .2, 100, RightsizingVerdict.Raise, RightsizingVerdict.Raise },
        { "CPU about right", .6, 2048, RightsizingVerdict.Keep, RightsizingVerdict.Lower },
        { "memory about right", 2, 370, RightsizingVerdict.Lower, RightsizingVerdict.Keep },
        { "nothing stated", 0, 0, RightsizingVerdict.State, RightsizingVerdict.State },
    };

    [Theory, MemberData(nameof(Verdicts))]
    public void A_verdict_for_each_resource(string what, double request, double memory, RightsizingVerdict cpu, RightsizingVerdict ram)
    {
        var advice = Rightsizer.Of(Case(.5, 300, request, memory))!;
        Assert.True((cpu, ram) == (advice.Cpu.Verdict, advice.Memory.Verdict), what);
    }

    [Fact]
    public void What_is_about_right_is_left_in_peace() => Assert.Null(Rightsizer.Of(Case(.5, 300, .6, 370)));

    [Fact]
    public void A_difference_that_does_not_matter_is_none()
    {
        // Far outside of the bounds, but a step of CPU and a few MiB.
        Assert.Null(Rightsizer.Of(Case(.001, 1, .045, 260)));
        Assert.NotNull(Rightsizer.Of(Case(.001, 1, .050, 260)));
    }

    [Fact]
    public void Never_below_the_least_that_a_pod_needs()
    {
        var advice = Rightsizer.Of(Case(.001, 1, 1, 1024))!;
        Assert.Equal(("25m", "239Mi"), (ReadableAmounts.Cpu(advice.Cpu.Request), ReadableAmounts.Memory(advice.Memory.Request)));
    }

    [Fact]
    public void What_an_autoscaler_counts_by_is_left_alone_and_it_is_said()
    {
        var advice = Rightsizer.Of(Case(.5, 300, 2, 2048) with { CpuScaledBy = "HorizontalPodAutoscaler web" })!;
        Assert.Equal((RightsizingVerdict.LeftAlone, 2d), (advice.Cpu.Verdict, advice.Cpu.Request));
        Assert.Contains("HorizontalPodAutoscaler web", advice.Cpu.Note, StringComparison.Ordinal);
        Assert.Equal(RightsizingVerdict.Lower, advice.Memory.Verdict);
        Assert.Null(Rightsizer.Of(Case(.5, 300, 2, 2048) with { CpuScaledBy = "x", MemoryScaledBy = "x" }));
        Assert.Null(Rightsizer.Of(Case(.5, 300, 2, 2048) with { SetBy = "VerticalPodAutoscaler web" }));
    }

    [Fact]
    public void Limits_go_along()
    {
        Assert.Equal(4, Rightsizer.Of(Case(.5, 300, 2, 2048) with { CpuLimit = 4 })!.Cpu.Limit);
        // A pod whose limits are its requests stays one; a limit below what is needed grows as it was.
        var guaranteed = Rightsizer.Of(Case(.5, 300, 2, 2048) with { CpuLimit = 2, MemoryLimit = 2048 * MiB, IsGuaranteed = true })!;
        Assert.Equal((guaranteed.Cpu.Request, guaranteed.Memory.Request), (guaranteed.Cpu.Limit!.Value, guaranteed.Memory.Limit!.Value));
        Assert.Equal(1.2, Rightsizer.Of(Case(.5, 300, .2, 2048) with { CpuLimit = .4 })!.Cpu.Limit!.Value, 9);
    }

    [Fact]
    public void Whoever_was_killed_for_memory_gets_more_and_never_less()
    {
        var killed = Case(.5, 300, .6, 310);
        killed.Usage.AddOutOfMemory(310 * MiB, Time.AddDays(2));
        // Told again with each look until the container is killed anew.
        killed.Usage.AddOutOfMemory(310 * MiB, Time.AddDays(2));
        var advice = Rightsizer.Of(killed)!;
        Assert.Equal((RightsizingVerdict.Raise, 1), (advice.Memory.Verdict, advice.Evidence.OutOfMemoryKills));
        Assert.True(advice.Memory.Request >= 410 * MiB);
        var generous = Case(.5, 300, .6, 8192);
        generous.Usage.AddOutOfMemory(310 * MiB, Time.AddDays(2));
        Assert.Null(Rightsizer.Of(generous));
    }

    [Theory, InlineData(.0001, "25m"), InlineData(.025, "25m"), InlineData(.0251, "50m"), InlineData(.975001, "1"), InlineData(1.3, "1300m"), InlineData(2.0, "2")]
    public void Cores_are_rounded_up_to_steps(double cores, string text) => Assert.Equal(text, ReadableAmounts.Cpu(ReadableAmounts.RoundCpu(cores)));

    [Theory, InlineData(1.0, "1Mi"), InlineData(1100000.0, "2Mi"), InlineData(2147483648.0, "2Gi"), InlineData(1610612736.0, "1536Mi")]
    public void Bytes_are_rounded_up_to_MiB(double bytes, string text) => Assert.Equal(text, ReadableAmounts.Memory(ReadableAmounts.RoundMemory(bytes)));

    [Fact]
    public void Hours_of_the_ledger_stand_for_samples_with_less_confidence()
    {
        var usage = new ContainerUsage();
        for (var hour = 0; hour < 5 * 24; hour++)
            usage.AddHour(Time.AddHours(hour), .4, .5, 300 * MiB);
        Assert.Equal((1440, 1440), (usage.Samples, usage.FilledSamples));
        Assert.InRange(usage.ConfidenceDays, .99, 1);
        // The peak counts, though it is not the mean: a twelfth of the samples would be below the 90th percentile, two twelfths are not.
        Assert.Equal(.511135, usage.Cpu.Percentile(.9), 6);
        Assert.Equal((.5, 300 * MiB), (Math.Round(usage.Peaks.Cpu, 6), Math.Round(usage.Peaks.Memory)));
    }

    [Fact]
    public void What_was_saved_goes_on_as_if_nothing_had_happened()
    {
        var (whole, first) = (new ContainerUsage(), new ContainerUsage());
        for (var minute = 0; minute < 4000; minute++)
        {
            Add(whole, minute);
            Add(first, minute);
            if (minute % 777 == 0)
                first = new(first.Save());
        }
        Assert.Equal(whole.Cpu.Percentile(.9), first.Cpu.Percentile(.9));
        Assert.Equal(whole.Memory.Percentile(.9), first.Memory.Percentile(.9));
        Assert.Equal((whole.Samples, whole.FirstSample, whole.LastSample, whole.Peaks.Cpu, whole.Peaks.Memory), (first.Samples, first.FirstSample, first.LastSample, first.Peaks.Cpu, first.Peaks.Memory));
        Assert.All(whole.Hours.Means.Zip(first.Hours.Means), pair => Assert.Equal(pair.First, pair.Second));

        static void Add(ContainerUsage usage, int minute)
        {
            usage.AddCpu(.1 + minute % 97 / 100.0, Time.AddMinutes(minute));
            usage.AddMemory((100 + minute % 1441 / 5.0) * MiB, Time.AddMinutes(minute));
        }
    }

    [Fact]
    public void Days_that_are_over_are_forgotten_as_peaks()
    {
        var peaks = new DailyPeaks();
        peaks.AddCpu(3, Time);
        peaks.AddCpu(1, Time.AddDays(7));
        Assert.Equal(3, peaks.Cpu);
        peaks.AddCpu(2, Time.AddDays(8));
        Assert.Equal(2, peaks.Cpu);
        // One that comes late does not come back.
        peaks.AddCpu(9, Time.AddDays(-1));
        Assert.Equal(2, peaks.Cpu);
    }

    [Fact]
    public void A_quiet_night_is_found_also_over_midnight()
    {
        var night = NightRhythm.Of([.. Enumerable.Range(0, 24).Select(hour => hour is >= 20 or < 6 ? .2 : 1.0)])!;
        Assert.Equal((20, 10, .2, 1.0), (night.From, night.Hours, Math.Round(night.Quiet, 9), Math.Round(night.Busy, 9)));
        Assert.Null(NightRhythm.Of([.. Enumerable.Repeat(1.0, 24)]));
        Assert.Null(NightRhythm.Of([.. Enumerable.Repeat(0.0, 24)]));
        Assert.Null(NightRhythm.Of([.. Enumerable.Range(0, 24).Select(hour => hour is >= 2 and < 6 ? .2 : 1.0)]));
    }

    private static RightsizingCase Case(double cores, double mib, double request, double memory) => new()
    {
        Usage = Constant(cores, mib), CpuRequest = request, MemoryRequest = memory * MiB,
    };

    private static ContainerUsage Constant(double cores, double mib)
    {
        var usage = new ContainerUsage();
        for (var minute = 0; minute < 2880; minute++)
        {
            usage.AddCpu(cores, Time.AddMinutes(minute));
            usage.AddMemory(mib * MiB, Time.AddMinutes(minute));
        }
        return usage;
    }
}
