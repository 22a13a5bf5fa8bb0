using Fleet.Cost.Allocations;

namespace Fleet.Cost.Tests.Allocations;

public sealed class AccumulationTests
{
    [Theory]
    [InlineData("true", "2026-03-04")]
    [InlineData("week", "2026-03-01 2026-03-08 2026-03-15 2026-03-22 2026-03-29")]
    [InlineData("month", "2026-03-01 2026-04-01")]
    [InlineData("quarter", "2026-01-01 2026-04-01")]
    public void Days_become_longer_sets(string by, string begins)
    {
        var days = Enumerable.Range(0, 30).Select(Day).ToList();
        var sets = Accumulation.Accumulate(days, Accumulation.Parse(by));
        // A set is as long as its days; the first begins with them.
        Assert.Equal(begins.Split(' ').Select((day, index) => index == 0 ? "2026-03-04" : day), sets.Select(set => set.Window.Start.ToString("yyyy-MM-dd", null)));
        Assert.Equal(30, sets.Sum(set => set.Allocations["a"].Cpu.Cost));
        Assert.Equal(days[^1].Window.End, sets[^1].Window.End);
    }

    [Fact]
    public void Hours_become_days_of_the_asker()
    {
        var hours = Enumerable.Range(0, 24).Select(hour => Set(Examples.Start.AddHours(hour), TimeSpan.FromHours(1))).ToList();
        var sets = Accumulation.Accumulate(hours, AccumulateBy.Day, TimeSpan.FromHours(-7));
        Assert.Equal([7, 17], sets.Select(set => set.Allocations["a"].Cpu.Cost));
        Assert.Equal(24, Accumulation.Accumulate(hours, AccumulateBy.Hour).Count);
    }

    [Fact]
    public void False_leaves_sets_as_they_are()
    {
        AllocationSet[] days = [Day(0), Day(1)];
        Assert.Same(days, Accumulation.Accumulate(days, Accumulation.Parse("false")));
    }

    [Fact]
    public void Days_can_not_become_hours() => Assert.Throws<CostQueryException>(() => Accumulation.Accumulate([Day(0)], AccumulateBy.Hour));

    [Fact]
    public void Weeks_that_reach_into_the_next_month_can_not_become_months() =>
        Assert.Throws<CostQueryException>(() => Accumulation.Accumulate([Set(new(2026, 3, 29, 0, 0, 0, TimeSpan.Zero), TimeSpan.FromDays(7))], AccumulateBy.Month));

    [Fact]
    public void Currencies_are_not_added() =>
        Assert.Throws<CostQueryException>(() => Accumulation.Accumulate([Day(0), new(Day(1).Window, [], "EUR")], AccumulateBy.All));

    [Fact]
    public void Another_word_is_refused() => Assert.Throws<CostQueryException>(() => Accumulation.Parse("fortnight"));

    private static AllocationSet Day(int day) => Set(Examples.Start.AddDays(day), TimeSpan.FromDays(1));

    private static AllocationSet Set(DateTimeOffset start, TimeSpan length) => new(
        new(start, start + length), [new Allocation { Name = "a", Window = new(start, start + length), Start = start, End = start + length, Cpu = new() { Cost = 1, Hours = 1 } }]);
}
