using Fleet.Cost.Allocations;

namespace Fleet.Cost.Tests.Allocations;

/// <summary>Worked example V7: one-minute resolution, a window of an hour.</summary>
public sealed class LifetimeTests
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);
    private static readonly QueryWindow Hour = new(Examples.Start, Examples.Start.AddHours(1));

    [Fact]
    public void V7_a_single_sample_is_one_resolution_around_it() =>
        Assert.Equal(
            new QueryWindow(Examples.Start.AddMinutes(14.5), Examples.Start.AddMinutes(15.5)),
            Lifetime.Of(Examples.Start.AddMinutes(15), Examples.Start.AddMinutes(15), Minute, Hour));

    [Fact]
    public void V7_at_the_start_of_the_window_half_of_it_is_outside() =>
        Assert.Equal(TimeSpan.FromSeconds(30), Lifetime.Of(Hour.Start, Hour.Start, Minute, Hour)!.Value.Duration);

    [Fact]
    public void V7_61_samples_are_exactly_an_hour() => Assert.Equal(Hour, Lifetime.Of(Hour.Start, Hour.End, Minute, Hour));

    [Fact]
    public void What_was_there_before_or_after_is_not_there() =>
        Assert.Null(Lifetime.Of(Hour.End.AddHours(1), Hour.End.AddHours(2), Minute, Hour));
}
