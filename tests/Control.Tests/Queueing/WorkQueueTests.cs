using Fleet.Control.Grains;
using Fleet.Control.Queueing;
using Fleet.Kubernetes.Objects;
using Fleet.Testing.Time;

namespace Fleet.Control.Tests.Queueing;

public sealed class WorkQueueTests : IDisposable
{
    private static readonly ObjectKey A1 = new("a", "1");
    private static readonly ObjectKey A2 = new("a", "2");
    private static readonly ObjectKey A3 = new("a", "3");
    private static readonly ObjectKey B1 = new("b", "1");

    private readonly ManualTimeProvider clock = new();
    private readonly WorkQueue queue;

    public WorkQueueTests() => queue = NewQueue(maxPerGroup: 1);

    public void Dispose() => queue.Dispose();

    [Fact]
    public void A_key_added_twice_is_given_once()
    {
        queue.Add(A1);
        queue.Add(A1);
        Assert.Equal(A1, Take());
        AssertEmpty();
    }

    [Fact]
    public async Task A_key_added_while_it_runs_runs_once_more_and_never_twice_at_once()
    {
        using var many = NewQueue(maxPerGroup: 8);
        many.Add(A1);
        Assert.Equal(A1, Take(many));
        many.Add(A1);
        many.Add(A1);
        var second = many.TakeAsync(TestContext.Current.CancellationToken).AsTask();
        Assert.False(second.IsCompleted);
        many.Complete(A1);
        Assert.Equal(A1, (await second).Key);
        many.Complete(A1);
        Assert.Equal(0, many.Depth);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(1)]
    public void A_wall_clock_that_is_set_changes_no_delay(int days)
    {
        queue.Add(A1, delay: TimeSpan.FromSeconds(10));
        clock.Jump(TimeSpan.FromDays(days));
        queue.Add(B1, delay: TimeSpan.FromSeconds(10));
        clock.Advance(TimeSpan.FromSeconds(9));
        AssertEmpty();
        clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(A1, Take());
        Assert.Equal(B1, Take());
    }

    [Fact]
    public void Keys_of_a_group_run_one_at_a_time_and_other_groups_go_on()
    {
        queue.Add(A1);
        queue.Add(A2);
        queue.Add(B1);
        Assert.Equal(A1, Take());
        Assert.Equal(B1, Take());
        AssertEmpty();
        queue.Complete(A1);
        Assert.Equal(A2, Take());
    }

    [Fact]
    public void Groups_take_turns()
    {
        using var many = NewQueue(maxPerGroup: 8);
        foreach (var key in new[] { A1, A2, A3, B1 })
            many.Add(key);
        Assert.Equal([A1, B1, A2, A3], [Take(many), Take(many), Take(many), Take(many)]);
    }

    [Fact]
    public void Higher_priority_goes_first_and_a_second_add_can_raise_it()
    {
        using var many = NewQueue(maxPerGroup: 8);
        many.Add(A1, WorkPriority.Background);
        many.Add(A2);
        many.Add(A3, WorkPriority.Background);
        many.Add(A3, WorkPriority.Urgent);
        many.Add(A2, WorkPriority.Background);
        Assert.Equal([A3, A2, A1], [Take(many), Take(many), Take(many)]);
        Assert.Equal(0, many.Depth);
    }

    [Fact]
    public void A_delayed_key_comes_when_due_and_not_before()
    {
        queue.Add(A1, delay: TimeSpan.FromSeconds(5));
        clock.Advance(TimeSpan.FromSeconds(4.9));
        AssertEmpty();
        clock.Advance(TimeSpan.FromSeconds(0.1));
        Assert.Equal(A1, Take());
    }

    [Fact]
    public void The_earlier_of_two_delays_wins()
    {
        queue.Add(A1, delay: TimeSpan.FromSeconds(5));
        queue.Add(A1, delay: TimeSpan.FromSeconds(50));
        queue.Add(B1, delay: TimeSpan.FromSeconds(50));
        queue.Add(B1, delay: TimeSpan.FromSeconds(1));
        clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(B1, Take());
        clock.Advance(TimeSpan.FromSeconds(4));
        Assert.Equal(A1, Take());
        queue.Complete(A1);
        queue.Complete(B1);
        clock.Advance(TimeSpan.FromMinutes(5));
        AssertEmpty();
    }

    [Fact]
    public void An_immediate_add_overtakes_the_delay()
    {
        queue.Add(A1, delay: TimeSpan.FromMinutes(5));
        queue.Add(A1);
        Assert.Equal(A1, Take());
    }

    [Fact]
    public void Failures_back_off_exponentially_and_success_forgets_them()
    {
        queue.Add(A1);
        var delays = new List<double>();
        for (var i = 0; i < 4; i++)
        {
            Take();
            var delay = queue.CompleteFailed(A1);
            delays.Add(delay.TotalSeconds);
            AssertEmpty();
            clock.Advance(delay);
        }
        Assert.Equal([1, 2, 4, 8], delays);
        Take();
        queue.Complete(A1);
        queue.Add(A1);
        Take();
        Assert.Equal(TimeSpan.FromSeconds(1), queue.CompleteFailed(A1));
    }

    [Fact]
    public void Complete_with_a_delay_brings_the_key_again()
    {
        queue.Add(A1);
        Take();
        queue.Complete(A1, TimeSpan.FromSeconds(30));
        AssertEmpty();
        clock.Advance(TimeSpan.FromSeconds(30));
        Assert.Equal(A1, Take());
    }

    [Fact]
    public async Task A_cancelled_taker_loses_no_key()
    {
        using var gone = new CancellationTokenSource();
        var taker = queue.TakeAsync(gone.Token).AsTask();
        await gone.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => taker);
        queue.Add(A1);
        Assert.Equal(A1, Take());
    }

    [Fact]
    public void Completing_what_does_not_run_is_a_mistake()
    {
        queue.Add(A1);
        Assert.Throws<InvalidOperationException>(() => queue.Complete(A1));
    }

    [Theory]
    [InlineData(1, 0, 1)]
    [InlineData(3, 0, 4)]
    [InlineData(3, 0.5, 4.4)]
    [InlineData(100, 0, 60)]
    [InlineData(100, 1, 72)]
    public void Backoff_doubles_up_to_its_limit_and_is_stretched_by_jitter(int failures, double chance, double seconds) =>
        Assert.Equal(seconds, Limits.After(failures, new FixedJitter(chance)).TotalSeconds, 3);

    private static Backoff Limits => new() { First = TimeSpan.FromSeconds(1), Longest = TimeSpan.FromMinutes(1) };

    private WorkQueue NewQueue(int maxPerGroup) =>
        new(key => new GrainId("cluster", new ObjectKey("", key.Namespace)), Limits, new FixedJitter(0), clock, maxPerGroup);

    private ObjectKey Take(WorkQueue? from = null)
    {
        var taken = (from ?? queue).TakeAsync(TestContext.Current.CancellationToken).AsTask();
        Assert.True(taken.IsCompletedSuccessfully, "nothing to take");
        return taken.Result.Key;
    }

    private void AssertEmpty()
    {
        using var stop = new CancellationTokenSource();
        var taken = queue.TakeAsync(stop.Token).AsTask();
        Assert.False(taken.IsCompleted);
        stop.Cancel();
    }
}
