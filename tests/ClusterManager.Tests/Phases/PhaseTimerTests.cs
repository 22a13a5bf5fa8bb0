using Fleet.ClusterManager.Phases;
using Fleet.Testing.Time;

namespace Fleet.ClusterManager.Tests.Phases;

public class PhaseTimerTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(10);

    private readonly ManualTimeProvider clock = new();

    [Fact]
    public void A_phase_is_over_when_its_time_is()
    {
        var timer = new PhaseTimer(clock);
        timer.Look("A", null);
        clock.Advance(Limit - TimeSpan.FromSeconds(1));
        Assert.False(timer.Look("A", null).IsOver("A", Limit));
        clock.Advance(TimeSpan.FromSeconds(1));
        Assert.True(timer.Look("A", null).IsOver("A", Limit));
        Assert.False(timer.Look("B", null).IsOver("B", Limit));
    }

    [Fact]
    public void A_clock_that_jumps_forwards_ends_nothing()
    {
        var timer = new PhaseTimer(clock);
        timer.Look("A", null);
        clock.Jump(TimeSpan.FromDays(1));
        Assert.False(timer.Look("A", null).IsOver("A", Limit));
    }

    [Fact]
    public void A_clock_that_jumps_backwards_makes_nothing_last_longer()
    {
        var timer = new PhaseTimer(clock);
        timer.Look("A", null);
        clock.Jump(TimeSpan.FromDays(-1));
        clock.Advance(Limit);
        Assert.True(timer.Look("A", null).IsOver("A", Limit));
    }

    [Fact]
    public void A_restart_goes_on_counting_and_looks_before_it_judges()
    {
        var timer = new PhaseTimer(clock);
        var since = clock.GetUtcNow() - TimeSpan.FromDays(1);
        Assert.False(timer.Look("A", since).IsOver("A", Limit));
        clock.Advance(TimeSpan.FromMinutes(1));
        Assert.True(timer.Look("A", since).IsOver("A", Limit));
        // The next phase begins now, whatever status says.
        Assert.False(timer.Look("B", since).IsOver("B", Limit));
    }

    [Fact]
    public void A_start_in_the_future_counts_from_now()
    {
        var timer = new PhaseTimer(clock);
        timer.Look("A", clock.GetUtcNow() + TimeSpan.FromDays(1));
        clock.Advance(Limit);
        Assert.True(timer.Look("A", null).IsOver("A", Limit));
    }
}
