using Fleet.Control.Queueing;
using Fleet.Helm.Releases;
using Fleet.StateManager.Drift;
using Fleet.StateManager.ServiceSets;

namespace Fleet.StateManager.Tests.ServiceSets;

/// <summary>What fails for an hour is tried ever more rarely up to a bound, by the same rule as in the service.</summary>
public sealed class ServiceRetriesTests
{
    private static readonly ReleaseName Web = new("apps", "web");
    private static readonly DateTimeOffset Start = new(2026, 11, 21, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void A_service_that_fails_for_an_hour_waits_five_minutes_at_most_and_begins_anew_after_a_change_or_a_success()
    {
        var retries = new ServiceRetries(ServiceSetFactsReader.ServiceBackoff, new NoJitter());
        var (now, tries) = (Start, 0);
        var wait = TimeSpan.Zero;
        while (now < Start + TimeSpan.FromHours(1))
        {
            wait = retries.Failed(Web, "a", now);
            Assert.InRange(wait, TimeSpan.FromSeconds(10), TimeSpan.FromMinutes(5));
            Assert.Equal(now + wait, retries.Of(Web)!.NextAt);
            now += wait;
            tries++;
        }
        Assert.Equal((16, TimeSpan.FromMinutes(5)), (tries, wait));

        Assert.Equal(TimeSpan.FromSeconds(10), retries.Failed(Web, "b", now));
        retries.Succeeded(Web);
        Assert.Null(retries.Of(Web));
        Assert.Equal(TimeSpan.FromSeconds(10), retries.Failed(Web, "b", now));
    }

    [Fact]
    public void A_wall_clock_that_was_set_back_to_before_a_failure_makes_nothing_wait_for_as_long()
    {
        var retries = new ServiceRetries(ServiceSetFactsReader.ServiceBackoff, new NoJitter());
        retries.Failed(Web, "a", Start);
        Assert.True(retries.Of(Web)!.IsWaiting(Start + TimeSpan.FromSeconds(9)));
        Assert.False(retries.Of(Web)!.IsWaiting(Start + TimeSpan.FromSeconds(10)));
        Assert.False(retries.Of(Web)!.IsWaiting(Start - TimeSpan.FromDays(1)));
        var drift = DriftAttempts.Next(null, Start, "forbidden", new NoJitter());
        Assert.False(drift.IsDue(Start));
        Assert.True(drift.IsDue(Start - TimeSpan.FromDays(1)));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("forbidden")]
    public void Drift_that_comes_back_or_may_not_be_corrected_for_an_hour_is_looked_at_every_five_minutes_at_least(string? error)
    {
        var now = Start;
        DriftAttempts? attempts = null;
        while (now < Start + TimeSpan.FromHours(1))
        {
            attempts = DriftAttempts.Next(attempts, now, error, new NoJitter());
            Assert.InRange(attempts.NextAt - now, TimeSpan.Zero, TimeSpan.FromMinutes(5));
            Assert.True(attempts.IsDue(attempts.NextAt));
            now = attempts.NextAt;
        }
        Assert.Equal(TimeSpan.FromMinutes(5), attempts!.NextAt - attempts.LastAt);
        // After calm the next one counts as the first, and is answered at once unless it fails.
        var fresh = DriftAttempts.Next(attempts, attempts.NextAt + TimeSpan.FromMinutes(10), error, new NoJitter());
        Assert.Equal((1, error is null ? TimeSpan.Zero : TimeSpan.FromSeconds(2)), (fresh.Count, fresh.NextAt - fresh.LastAt));
    }

    private sealed class NoJitter : IJitterSource
    {
        public double Next() => 0;
    }
}
