using Fleet.Cost.Rightsizing;

namespace Fleet.Cost.Tests.Rightsizing;

/// <summary>The vectors of the reference, which were taken from the vertical pod autoscaler.</summary>
public sealed class DecayingHistogramTests
{
    private static readonly DateTimeOffset Time = Examples.Start;

    [Fact]
    public void Vector_half_a_core_is_in_bucket_25_whose_edge_is_0_511135()
    {
        Assert.Equal(25, HistogramBuckets.Cpu.IndexOf(.5));
        Assert.Equal(.511135, HistogramBuckets.Cpu.StartOf(26), 6);
        Assert.Equal(0, HistogramBuckets.Cpu.IndexOf(.0099));
        Assert.Equal(HistogramBuckets.Cpu.Count - 1, HistogramBuckets.Cpu.IndexOf(1e9));
    }

    [Theory]
    [InlineData(.0, 2)]
    [InlineData(.02, 2)]
    [InlineData(.03, 3)]
    [InlineData(.10, 3)]
    [InlineData(.11, 4)]
    [InlineData(.34, 4)]
    [InlineData(.35, 5)]
    [InlineData(1, 5)]
    public void Vector_linear_buckets_with_a_half_life_of_an_hour(double part, double expected)
    {
        var histogram = new DecayingHistogram(HistogramBuckets.Linear(1, 10), TimeSpan.FromHours(1));
        for (var value = 1; value <= 4; value++)
            histogram.Add(value, value, Time.AddHours(value));
        Assert.Equal(expected, histogram.Percentile(part));
    }

    [Fact]
    public void Vector_two_days_of_which_the_second_weighs_twice()
    {
        var histogram = new DecayingHistogram(HistogramBuckets.Cpu, TimeSpan.FromHours(24));
        for (var minute = 0; minute < 2 * 1440; minute++)
            histogram.Add(minute < 1440 ? .2 : .1, .1, Time.AddMinutes(minute));
        Assert.Equal(.110266, histogram.Percentile(.5), 6);
        Assert.Equal(.110266, histogram.Percentile(.66), 6);
        Assert.Equal(.215786, histogram.Percentile(.67), 6);
        Assert.Equal(.215786, histogram.Percentile(.9), 6);
        Assert.Equal(.248153, histogram.Percentile(.9) * Recommender.Margin, 6);
    }

    [Fact]
    public void The_order_of_samples_does_not_matter_and_years_overflow_nothing()
    {
        var one = new DecayingHistogram(HistogramBuckets.Cpu, TimeSpan.FromHours(1));
        var other = new DecayingHistogram(HistogramBuckets.Cpu, TimeSpan.FromHours(1));
        for (var hour = 0; hour < 20_000; hour += 7)
            one.Add(hour % 5, 1, Time.AddHours(hour));
        for (var hour = 19_999 / 7 * 7; hour >= 0; hour -= 7)
            other.Add(hour % 5, 1, Time.AddHours(hour));
        foreach (var part in (double[])[.1, .5, .9, .99])
        {
            Assert.True(double.IsFinite(one.Percentile(part)));
            Assert.Equal(one.Percentile(part), other.Percentile(part));
        }
    }

    [Fact]
    public void What_is_taken_back_was_never_there()
    {
        var histogram = new DecayingHistogram(HistogramBuckets.Cpu, TimeSpan.FromHours(24));
        Assert.Equal(0, histogram.Percentile(.9));
        histogram.Add(1, 1, Time);
        histogram.Add(2, 1, Time.AddHours(1));
        histogram.Subtract(2, 1, Time.AddHours(1));
        Assert.Equal(HistogramBuckets.Cpu.StartOf(HistogramBuckets.Cpu.IndexOf(1) + 1), histogram.Percentile(1));
        histogram.Subtract(1, 1, Time);
        Assert.True(histogram.IsEmpty);
        histogram.Add(double.NaN, 1, Time);
        Assert.True(histogram.IsEmpty);
    }
}
