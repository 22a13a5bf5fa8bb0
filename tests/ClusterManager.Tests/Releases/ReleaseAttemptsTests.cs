using Fleet.ClusterManager.Releases;
using Fleet.Control.Queueing;
using Fleet.Helm.Errors;
using Fleet.Testing.Time;

namespace Fleet.ClusterManager.Tests.Releases;

public class ReleaseAttemptsTests
{
    private readonly ManualTimeProvider clock = new();

    [Theory]
    [InlineData(0)]
    [InlineData(5)]
    [InlineData(-5)]
    public void A_failure_is_waited_after_whatever_the_clock_on_the_wall_does(int hours)
    {
        var attempts = new ReleaseAttempts(clock, RandomJitter.Shared);
        attempts.Failed("a", new(HelmErrorKind.ReleaseFailed, "no"));
        clock.Jump(TimeSpan.FromHours(hours));
        var wait = attempts.Wait("a")!.Value;
        Assert.InRange(wait, TimeSpan.FromMilliseconds(1), TimeSpan.FromSeconds(10));
        clock.Advance(wait);
        Assert.Equal(TimeSpan.Zero, attempts.Wait("a"));
        Assert.Equal(TimeSpan.Zero, attempts.Wait("another"));
    }

    [Fact]
    public void What_a_person_has_to_change_is_not_tried_again()
    {
        var attempts = new ReleaseAttempts(clock, RandomJitter.Shared);
        attempts.Failed("a", new(HelmErrorKind.ValuesInvalid, "no"));
        Assert.Null(attempts.Wait("a"));
        attempts.Succeeded("a");
        Assert.True(attempts.HasSucceeded("a"));
    }
}
