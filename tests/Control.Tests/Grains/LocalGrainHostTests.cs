using System.Diagnostics;
using Fleet.Control.Grains;
using Fleet.Control.Reconciling;
using Fleet.Testing.Time;
using Microsoft.Extensions.Logging.Abstractions;

namespace Fleet.Control.Tests.Grains;

public sealed class LocalGrainHostTests : GrainHostTests, IAsyncDisposable
{
    private readonly LocalGrainHost host;

    public LocalGrainHostTests() => host = new(new LocalGrainDirectory(), Behavior, Clock, NullLogger<LocalGrainHost>.Instance);

    internal override IGrainHost Host => host;

    internal override ScriptedBehavior Behavior { get; } = new();

    protected override ManualTimeProvider Clock { get; } = new();

    public ValueTask DisposeAsync() => host.DisposeAsync();

    [Fact]
    public async Task Calls_that_are_made_at_once_run_in_the_order_in_which_they_were_made() => Assert.Equal(Enumerable.Range(0, 50), await OrderAsync(50));

    [Fact]
    public async Task An_idle_grain_is_forgotten()
    {
        await CallAsync("1");
        await PassIdleTimeAsync(() => host.Count == 0);
        Assert.Equal(0, host.Count);
    }

    [Fact]
    public async Task A_grain_that_another_process_owns_is_not_run()
    {
        var ran = false;
        Behavior.Handle = (_, _, _) =>
        {
            ran = true;
            return Task.FromResult(Outcome.Done);
        };
        await using var other = new LocalGrainHost(new NobodyHere(), Behavior, Clock, NullLogger<LocalGrainHost>.Instance);
        await Assert.ThrowsAsync<GrainElsewhereException>(() => other.CallAsync(Grain, Call("x"), Ct));
        Assert.False(ran);
    }

    protected override async Task PassIdleTimeAsync(Func<bool> isDeactivated)
    {
        for (var watch = Stopwatch.StartNew(); watch.Elapsed < TimeSpan.FromSeconds(30) && !isDeactivated();)
        {
            Clock.Advance(LocalGrainHost.IdleAfter);
            await Task.Yield();
        }
    }

    // It is in this process: the token says it.
    protected override Task GivenUpAsync(Task call) => Task.CompletedTask;

    private sealed class NobodyHere : IGrainDirectory
    {
        public ValueTask<long?> TryOwnAsync(GrainId grain, CancellationToken ct) => ValueTask.FromResult<long?>(null);

        public bool IsCurrent(GrainId grain, long epoch) => false;

        public ValueTask ReleaseAsync(GrainId grain, long epoch) => ValueTask.CompletedTask;
    }
}
