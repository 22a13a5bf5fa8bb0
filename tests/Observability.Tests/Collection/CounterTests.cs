using Fleet.Observability.Collection;
using FsCheck;
using FsCheck.Fluent;

namespace Fleet.Observability.Tests.Collection;

/// <summary>Counters to increases.</summary>
public sealed class CounterTests
{
    private static readonly DateTimeOffset Start = new(2026, 11, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly SeriesKey Key = new("cluster", "pod", "app", CountedAmount.CpuSeconds);

    [Theory]
    [InlineData(100, 130, CounterOutcome.Counted, 30, 60)]
    [InlineData(100, 100, CounterOutcome.Counted, 0, 60)]
    [InlineData(100, 20, CounterOutcome.Reset, 20, 60)]
    [InlineData(100, 0, CounterOutcome.Reset, 0, 60)]
    [InlineData(100, -1, CounterOutcome.Invalid, 0, 0)]
    [InlineData(100, double.NaN, CounterOutcome.Invalid, 0, 0)]
    [InlineData(100, double.PositiveInfinity, CounterOutcome.Invalid, 0, 0)]
    public void A_step_is_what_was_counted(double before, double after, object outcome, double increase, double seconds)
    {
        var step = CounterStep.Of(new(before, Start), new(after, Start.AddMinutes(1)));
        Assert.Equal(((CounterOutcome)outcome, increase, TimeSpan.FromSeconds(seconds)), (step.Outcome, step.Increase, step.Over));
        Assert.Equal(step.Outcome == CounterOutcome.Invalid ? before : after, step.Kept!.Value.Value);
        Assert.Equal(step.Outcome == CounterOutcome.Invalid ? null : increase / 60, step.Rate);
    }

    [Fact]
    public void A_counter_that_began_anew_and_passed_its_old_value_is_told_by_its_start()
    {
        var step = CounterStep.Of(new(10, Start, Start.AddHours(-1)), new(25, Start.AddMinutes(10), Start.AddMinutes(5)));
        Assert.Equal((CounterOutcome.Reset, 25d, TimeSpan.FromMinutes(5)), (step.Outcome, step.Increase, step.Over));
        // A start that was there before is no news.
        Assert.Equal(15, CounterStep.Of(new(10, Start, Start.AddHours(-1)), new(25, Start.AddMinutes(10), Start.AddHours(-1))).Increase);
    }

    [Fact]
    public void What_comes_first_twice_or_late_says_nothing_and_changes_nothing()
    {
        Assert.Equal((CounterOutcome.First, null), (CounterStep.Of(null, new(5, Start)).Outcome, CounterStep.Of(null, new(5, Start)).Rate));
        var known = new CounterReading(100, Start);
        Assert.Equal((CounterOutcome.Duplicate, known), (CounterStep.Of(known, new(100, Start)).Outcome, CounterStep.Of(known, new(7, Start)).Kept));
        Assert.Equal((CounterOutcome.Late, known), (CounterStep.Of(known, new(90, Start.AddSeconds(-1))).Outcome, CounterStep.Of(known, new(90, Start.AddSeconds(-1))).Kept));
    }

    [Fact]
    public void A_counter_cannot_grow_faster_than_the_machine()
    {
        var before = new CounterReading(1_000_000, Start);
        // The node's counter came back at another place: no peak of a million seconds.
        var jump = CounterStep.Of(before, new(2_000_000, Start.AddMinutes(1)), most: 8);
        Assert.Equal((CounterOutcome.Implausible, 0d, null), (jump.Outcome, jump.Increase, jump.Rate));
        Assert.Equal(30, CounterStep.Of(jump.Kept, new(2_000_030, Start.AddMinutes(2)), most: 8).Increase);
        Assert.Equal(CounterOutcome.Counted, CounterStep.Of(before, new(1_000_480, Start.AddMinutes(1)), most: 8).Outcome);
    }

    [Fact]
    public void However_often_one_looks_the_sum_is_the_same() => Check.QuickThrowOnFailure(Prop.ForAll(
        Arb.From(Gen.NonEmptyListOf(Gen.Choose(0, 1_000))), Arb.From(Gen.ListOf(Gen.Choose(0, 50))),
        (grows, skipped) =>
        {
            var readings = new List<CounterReading>();
            var value = 0d;
            foreach (var (grown, i) in grows.Select((g, i) => (g, i)))
                readings.Add(new(value += grown, Start.AddSeconds(15 * i)));
            var some = readings.Where((_, i) => i == 0 || i == readings.Count - 1 || !skipped.Contains(i)).ToList();
            return Sum(readings) == Sum(some) && Sum(readings) == value - readings[0].Value;
        }));

    [Fact]
    public void No_reading_makes_an_increase_negative_or_a_book_grow_beyond_its_bound() => Check.QuickThrowOnFailure(Prop.ForAll(
        Arb.From(Gen.ListOf(Gen.Zip(Gen.Choose(0, 20), Gen.Zip(ArbMap.Default.GeneratorFor<double>(), Gen.Choose(-500, 500))))),
        readings =>
        {
            var book = new CounterBook(mostSeries: 8);
            var (increases, tally) = book.Take(readings.Select(r => (Key with { Object = $"pod-{r.Item1}" }, new CounterReading(r.Item2.Item1, Start.AddSeconds(r.Item2.Item2)))));
            return increases.All(i => i.Increase >= 0 && i.To > i.From) && book.Count <= 8 && tally.Outcomes.Values.Sum() + tally.Refused == readings.Count;
        }));

    [Fact]
    public void A_book_forgets_what_is_gone_and_keeps_what_is_there()
    {
        var book = new CounterBook(forgetAfter: TimeSpan.FromMinutes(30));
        book.Take([(Key, new(1, Start)), (Key with { Object = "gone" }, new(1, Start))]);
        Assert.Equal(2, book.Count);
        var (increases, _) = book.Take([(Key, new(4, Start.AddMinutes(31)))]);
        Assert.Equal((1, 3d, Start, Start.AddMinutes(31)), (book.Count, Assert.Single(increases).Increase, increases[0].From, increases[0].To));
        Assert.Equal(1, book.Take([(Key with { Object = "gone" }, new(9, Start.AddMinutes(32)))]).Tally.Of(CounterOutcome.First));
    }

    [Fact]
    public void Names_are_used_again_and_the_start_tells_whose_it_was()
    {
        var directory = new PodDirectory([new("old", new("shop", "db-0"), Start.AddDays(-3)), new("new", new("shop", "db-0"), Start)]);
        Assert.Equal("new", directory.UidOf("shop", "db-0", Start.AddSeconds(3)));
        Assert.Equal("new", directory.UidOf("shop", "db-0", Start.AddSeconds(-2)));
        Assert.Equal("new", directory.UidOf("shop", "db-0", null));
        Assert.Null(directory.UidOf("shop", "db-0", Start.AddHours(-1)));
        Assert.Null(directory.UidOf("shop", "db-1", null));
    }

    private static double Sum(IEnumerable<CounterReading> readings) => new CounterBook().Take(readings.Select(r => (Key, r))).Increases.Sum(i => i.Increase);
}
