using System.Globalization;
using Fleet.Control.Grains;
using Fleet.Control.Reconciling;
using Fleet.Kubernetes.Objects;
using Fleet.Testing.Time;

namespace Fleet.Control.Tests.Grains;

/// <summary>What every host of grains does. The hosts' own classes start one each, and this list is run against it.</summary>
public abstract class GrainHostTests
{
    /// <summary>A grain of this test's own: hosts may be shared.</summary>
    protected GrainId Grain { get; } = NewGrain();

    internal abstract IGrainHost Host { get; }

    internal abstract ScriptedBehavior Behavior { get; }

    /// <summary>The time of the grains' timers.</summary>
    protected abstract ManualTimeProvider Clock { get; }

    /// <summary>Lets so much time go by without calls that grains are deactivated.</summary>
    protected abstract Task PassIdleTimeAsync(Func<bool> isDeactivated);

    /// <summary>Returns when the grain knows that nobody waits for this call any more.</summary>
    protected abstract Task GivenUpAsync(Task call);

    [Fact]
    public async Task Calls_to_one_grain_that_are_made_at_once_run_one_by_one() => Assert.Equal(Enumerable.Range(0, 50), (await OrderAsync(50)).Order());

    [Fact]
    public async Task A_call_that_is_made_after_another_ended_runs_after_it()
    {
        var ran = new List<string>();
        Behavior.Handle = (_, call, _) =>
        {
            ran.Add(call.Key.Name);
            return Task.FromResult(Outcome.Done);
        };
        foreach (var name in (string[])["1", "2", "3"])
            await CallAsync(name);
        Assert.Equal(["1", "2", "3"], ran);
    }

    [Fact]
    public async Task A_slow_grain_does_not_delay_another()
    {
        var release = new TaskCompletionSource();
        Behavior.Handle = async (grain, _, _) =>
        {
            if (grain.Id == Grain)
                await release.Task;
            return Outcome.Done;
        };
        var slow = CallAsync("x");
        await Host.CallAsync(NewGrain(), Call("x"), Ct);
        Assert.False(slow.IsCompleted);
        release.SetResult();
        Assert.Equal(Outcome.Done, await slow);
    }

    [Fact]
    public async Task Parts_live_as_long_as_the_activation_and_the_epoch_grows_with_each()
    {
        var seen = new List<(Part Part, GrainOwnership Ownership)>();
        Behavior.Handle = (grain, _, _) =>
        {
            seen.Add((grain.Part(() => new Part()), grain.Ownership));
            return Task.FromResult(Outcome.Done);
        };
        await CallAsync("1");
        await CallAsync("2");
        await Host.DeactivateAsync(Grain);
        await CallAsync("3");
        Assert.Same(seen[0].Part, seen[1].Part);
        Assert.NotSame(seen[0].Part, seen[2].Part);
        Assert.True(seen[0].Part.Disposed);
        Assert.False(seen[0].Ownership.IsCurrent);
        Assert.Throws<GrainElsewhereException>(seen[0].Ownership.EnsureCurrent);
        Assert.True(seen[2].Ownership.IsCurrent);
        Assert.True(seen[2].Ownership.Epoch > seen[0].Ownership.Epoch);
    }

    [Fact]
    public async Task A_grain_ends_only_after_its_running_call()
    {
        var (inside, release) = (new TaskCompletionSource(), new TaskCompletionSource());
        Part? part = null;
        Behavior.Handle = async (grain, _, _) =>
        {
            part = grain.Part(() => new Part());
            inside.SetResult();
            await release.Task;
            Assert.False(part.Disposed);
            grain.Ownership.EnsureCurrent();
            return Outcome.Done;
        };
        var running = CallAsync("1");
        await inside.Task.WaitAsync(Ct);
        var ending = Host.DeactivateAsync(Grain);
        release.SetResult();
        Assert.Equal(Outcome.Done, await running);
        await ending;
        Assert.True(part!.Disposed);
    }

    [Fact]
    public async Task Ending_a_grain_that_nobody_called_does_nothing()
    {
        var ran = false;
        Behavior.Handle = (_, _, _) =>
        {
            ran = true;
            return Task.FromResult(Outcome.Done);
        };
        await Host.DeactivateAsync(NewGrain());
        Assert.False(ran);
    }

    [Fact]
    public async Task An_idle_grain_is_deactivated()
    {
        Part? part = null;
        GrainOwnership? ownership = null;
        Behavior.Handle = (grain, _, _) =>
        {
            (part, ownership) = (grain.Part(() => new Part()), grain.Ownership);
            return Task.FromResult(Outcome.Done);
        };
        await CallAsync("1");
        var (first, epoch) = (part!, ownership!.Epoch);
        await PassIdleTimeAsync(() => first.Disposed);
        Assert.True(first.Disposed);
        await CallAsync("2");
        Assert.NotSame(first, part);
        Assert.True(ownership.Epoch > epoch);
    }

    [Fact]
    public async Task A_call_that_throws_fails_alone()
    {
        Behavior.Handle = (_, call, _) =>
            call.Key.Name == "bad" ? throw new InvalidOperationException("bug") : Task.FromResult(Outcome.Done);
        var failure = await Assert.ThrowsAsync<InvalidOperationException>(() => CallAsync("bad"));
        Assert.Equal("bug", failure.Message);
        Assert.Equal(Outcome.Done, await CallAsync("good"));
    }

    [Fact]
    public async Task A_call_that_is_cancelled_before_its_turn_never_runs()
    {
        var release = new TaskCompletionSource();
        var ran = new List<string>();
        Behavior.Handle = async (_, call, _) =>
        {
            ran.Add(call.Key.Name);
            await release.Task;
            return Outcome.Done;
        };
        var first = CallAsync("first");
        using var gone = new CancellationTokenSource();
        var second = Host.CallAsync(Grain, Call("second"), gone.Token);
        await gone.CancelAsync();
        await GivenUpAsync(second);
        release.SetResult();
        await first;
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => second);
        await CallAsync("third");
        Assert.Equal(["first", "third"], ran);
    }

    [Fact]
    public async Task A_call_that_runs_is_cancelled_and_the_next_one_runs()
    {
        var inside = new TaskCompletionSource();
        Behavior.Handle = async (_, call, ct) =>
        {
            if (call.Key.Name != "stuck")
                return Outcome.Done;
            inside.SetResult();
            await Task.Delay(Timeout.InfiniteTimeSpan, Clock, ct);
            return Outcome.Done;
        };
        using var gone = new CancellationTokenSource();
        var stuck = Host.CallAsync(Grain, Call("stuck"), gone.Token);
        await inside.Task.WaitAsync(Ct);
        await gone.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => stuck);
        Assert.Equal(Outcome.Done, await CallAsync("next"));
    }

    [Fact]
    public async Task CallLater_calls_the_grain_again()
    {
        var calls = new List<string>();
        var probed = new TaskCompletionSource();
        Behavior.Handle = (grain, call, _) =>
        {
            calls.Add(call.Key.Name);
            if (call.Key.Name == "probe")
                probed.SetResult();
            if (call.Key.Name == "start")
            {
                grain.CallLater(Call("probe"), TimeSpan.FromSeconds(60));
                grain.CallLater(Call("probe"), TimeSpan.FromSeconds(30));
            }
            return Task.FromResult(Outcome.Done);
        };
        await CallAsync("start");
        Clock.Advance(TimeSpan.FromSeconds(30));
        await probed.Task.WaitAsync(Ct);
        Clock.Advance(TimeSpan.FromSeconds(300));
        await CallAsync("end");
        Assert.Equal(["start", "probe", "end"], calls);
    }

    [Fact]
    public async Task Timers_end_with_the_activation()
    {
        var calls = new List<string>();
        Behavior.Handle = (grain, call, _) =>
        {
            calls.Add(call.Key.Name);
            grain.CallLater(Call("late"), TimeSpan.FromSeconds(30));
            return Task.FromResult(Outcome.Done);
        };
        await CallAsync("start");
        await Host.DeactivateAsync(Grain);
        Clock.Advance(TimeSpan.FromSeconds(300));
        Behavior.Handle = (_, call, _) =>
        {
            calls.Add(call.Key.Name);
            return Task.FromResult(Outcome.Done);
        };
        await CallAsync("end");
        Assert.Equal(["start", "end"], calls);
    }

    protected static CancellationToken Ct => TestContext.Current.CancellationToken;

    protected static GrainId NewGrain() => GrainId.OfCluster(new ObjectKey("team-a", Guid.NewGuid().ToString("N")));

    internal static GrainCall Call(string name) => new("thing", new ObjectKey("team-a", name), "id");

    /// <summary>Calls the grain so many times at once; gives the order in which the calls ran, each alone.</summary>
    protected async Task<List<int>> OrderAsync(int calls)
    {
        var running = 0;
        var most = 0;
        var order = new List<int>();
        Behavior.Handle = async (_, call, _) =>
        {
            most = Math.Max(most, Interlocked.Increment(ref running));
            await Task.Yield();
            order.Add(int.Parse(call.Key.Name, CultureInfo.InvariantCulture));
            Interlocked.Decrement(ref running);
            return Outcome.Done;
        };
        await Task.WhenAll(Enumerable.Range(0, calls).Select(i => CallAsync(i.ToString(CultureInfo.InvariantCulture))));
        Assert.Equal(1, most);
        return order;
    }

    protected Task<Outcome> CallAsync(string name) => Host.CallAsync(Grain, Call(name), Ct);

    private sealed class Part : IDisposable
    {
        public bool Disposed { get; private set; }

        public void Dispose() => Disposed = true;
    }
}
