using Fleet.Control.Grains;
using Fleet.Control.Reconciling;
using Fleet.Kubernetes.Objects;
using Fleet.Testing.Time;
using Microsoft.Extensions.Logging.Abstractions;

namespace Fleet.Control.Tests.Grains;

public sealed class LocalGrainHostTests : IAsyncDisposable
{
    private static readonly GrainId Grain = GrainId.OfCluster(new ObjectKey("team-a", "one"));

    private readonly ManualTimeProvider clock = new();
    private readonly LocalGrainDirectory directory = new();
    private readonly ScriptedBehavior behavior = new();
    private readonly LocalGrainHost host;

    public LocalGrainHostTests() => host = new(directory, behavior, clock, NullLogger<LocalGrainHost>.Instance);

    public ValueTask DisposeAsync() => host.DisposeAsync();

    [Fact]
    public async Task Calls_to_one_grain_run_one_by_one_in_order()
    {
        var running = 0;
        var most = 0;
        var order = new List<string>();
        behavior.Handle = async (_, call, _) =>
        {
            most = Math.Max(most, Interlocked.Increment(ref running));
            await Task.Yield();
            order.Add(call.Key.Name);
            Interlocked.Decrement(ref running);
            return Outcome.Done;
        };
        await Task.WhenAll(Enumerable.Range(0, 50).Select(i => CallAsync(i.ToString("00", null))));
        Assert.Equal(1, most);
        Assert.Equal(order.Order(), order);
    }

    [Fact]
    public async Task A_slow_grain_does_not_delay_another()
    {
        var release = new TaskCompletionSource();
        behavior.Handle = async (grain, _, _) =>
        {
            if (grain.Id == Grain)
                await release.Task;
            return Outcome.Done;
        };
        var slow = CallAsync("x");
        await host.CallAsync(GrainId.OfCluster(new("team-a", "two")), Call("x"), Ct);
        Assert.False(slow.IsCompleted);
        release.SetResult();
        Assert.Equal(Outcome.Done, await slow);
    }

    [Fact]
    public async Task Parts_live_as_long_as_the_activation_and_the_epoch_grows_with_each()
    {
        var seen = new List<(Part Part, GrainOwnership Ownership)>();
        behavior.Handle = (grain, _, _) =>
        {
            seen.Add((grain.Part(() => new Part()), grain.Ownership));
            return Task.FromResult(Outcome.Done);
        };
        await CallAsync("1");
        await CallAsync("2");
        await host.DeactivateAsync(Grain);
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
    public async Task An_idle_grain_is_deactivated_and_forgotten()
    {
        Part? part = null;
        behavior.Handle = (grain, _, _) =>
        {
            part = grain.Part(() => new Part());
            return Task.FromResult(Outcome.Done);
        };
        await CallAsync("1");
        await TurnsAsync(() => { clock.Advance(LocalGrainHost.IdleAfter); return host.Count == 0; });
        Assert.True(part!.Disposed);
    }

    [Fact]
    public async Task A_call_that_throws_fails_alone()
    {
        behavior.Handle = (_, call, _) =>
            call.Key.Name == "bad" ? throw new InvalidOperationException("bug") : Task.FromResult(Outcome.Done);
        await Assert.ThrowsAsync<InvalidOperationException>(() => CallAsync("bad"));
        Assert.Equal(Outcome.Done, await CallAsync("good"));
    }

    [Fact]
    public async Task A_call_that_is_cancelled_before_its_turn_never_runs()
    {
        var release = new TaskCompletionSource();
        var ran = new List<string>();
        behavior.Handle = async (_, call, _) =>
        {
            ran.Add(call.Key.Name);
            await release.Task;
            return Outcome.Done;
        };
        var first = CallAsync("first");
        using var gone = new CancellationTokenSource();
        var second = host.CallAsync(Grain, Call("second"), gone.Token);
        await gone.CancelAsync();
        release.SetResult();
        await first;
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => second);
        Assert.Equal(["first"], ran);
    }

    [Fact]
    public async Task CallLater_calls_the_grain_again()
    {
        var calls = new List<string>();
        behavior.Handle = (grain, call, _) =>
        {
            calls.Add(call.Key.Name);
            if (call.Key.Name == "start")
            {
                grain.CallLater(Call("probe"), TimeSpan.FromSeconds(60));
                grain.CallLater(Call("probe"), TimeSpan.FromSeconds(30));
            }
            return Task.FromResult(Outcome.Done);
        };
        await CallAsync("start");
        clock.Advance(TimeSpan.FromSeconds(30));
        await TurnsAsync(() => calls.Count == 2);
        clock.Advance(TimeSpan.FromSeconds(300));
        await CallAsync("end");
        Assert.Equal(["start", "probe", "end"], calls);
    }

    [Fact]
    public async Task A_grain_that_another_process_owns_is_not_run()
    {
        var ran = false;
        behavior.Handle = (_, _, _) =>
        {
            ran = true;
            return Task.FromResult(Outcome.Done);
        };
        await using var other = new LocalGrainHost(new NobodyHere(), behavior, clock, NullLogger<LocalGrainHost>.Instance);
        await Assert.ThrowsAsync<GrainElsewhereException>(() => other.CallAsync(Grain, Call("x"), Ct));
        Assert.False(ran);
    }

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private static GrainCall Call(string name) => new("thing", new ObjectKey("team-a", name), "id");

    private Task<Outcome> CallAsync(string name) => host.CallAsync(Grain, Call(name), Ct);

    private static async Task TurnsAsync(Func<bool> there)
    {
        for (var i = 0; i < 200_000 && !there(); i++)
            await Task.Yield();
        Assert.True(there(), "did not happen");
    }

    private sealed class Part : IDisposable
    {
        public bool Disposed { get; private set; }

        public void Dispose() => Disposed = true;
    }

    private sealed class ScriptedBehavior : IGrainBehavior
    {
        public Func<IGrainContext, GrainCall, CancellationToken, Task<Outcome>> Handle { get; set; } = (_, _, _) => Task.FromResult(Outcome.Done);

        public Task<Outcome> HandleAsync(IGrainContext grain, GrainCall call, CancellationToken ct) => Handle(grain, call, ct);
    }

    private sealed class NobodyHere : IGrainDirectory
    {
        public ValueTask<long?> TryOwnAsync(GrainId grain, CancellationToken ct) => ValueTask.FromResult<long?>(null);

        public bool IsCurrent(GrainId grain, long epoch) => false;

        public ValueTask ReleaseAsync(GrainId grain, long epoch) => ValueTask.CompletedTask;
    }
}
