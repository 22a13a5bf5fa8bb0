using System.Text.Json.Nodes;
using Fleet.ControlPlane.Storage;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Resources;
using Fleet.Testing.Time;

namespace Fleet.ControlPlane.Tests.Storage;

public sealed class WatchHistoryTests
{
    private readonly ManualTimeProvider clock = new();
    private readonly WatchHistory history;

    public WatchHistoryTests() => history = new(new WatchHistoryLimits(8, long.MaxValue, TimeSpan.FromMinutes(1)), 0, clock);

    [Fact]
    public void A_watcher_resumes_after_any_remembered_revision()
    {
        for (var i = 1; i <= 8; i++) history.Add(Event(i * 10));
        var read = new List<StoreEvent>();
        Assert.True(history.TryRead(35, read, 100));
        Assert.Equal([40L, 50, 60, 70, 80], read.Select(e => e.Revision));
    }

    [Fact]
    public void A_watcher_whose_position_is_forgotten_is_told_so()
    {
        for (var i = 1; i <= 9; i++) history.Add(Event(i * 10));
        Assert.False(history.TryRead(9, [], 100));
        Assert.True(history.TryRead(10, [], 100));
    }

    [Fact]
    public void Old_events_are_dropped_by_age()
    {
        history.Add(Event(10));
        history.DropOlderThan((long)TimeSpan.FromMinutes(2).TotalMilliseconds);
        Assert.False(history.Remembers(9));
        Assert.True(history.Remembers(10));
    }

    [Fact]
    public async Task Sets_between_two_waits_count_once()
    {
        var signal = new WatchSignal();
        signal.Set();
        signal.Set();
        await signal.WaitAsync();
        var second = signal.WaitAsync();
        Assert.False(second.IsCompleted);
        signal.Set();
        await second;
    }

    [Fact]
    public async Task Many_watchers_are_woken_at_once_and_then_together_after_a_moment()
    {
        clock.Advance(TimeSpan.FromSeconds(1));
        var signals = Enumerable.Range(0, 100).Select(_ => new WatchSignal()).ToArray();
        foreach (var signal in signals) history.Register(signal);
        history.Wake();
        foreach (var signal in signals) Assert.True(signal.WaitAsync().AsTask().IsCompleted);

        var waiting = signals.Select(s => s.WaitAsync().AsTask()).ToArray();
        history.Wake();
        history.Wake();
        Assert.DoesNotContain(waiting, w => w.IsCompleted);
        clock.Advance(TimeSpan.FromMilliseconds(20));
        await Task.WhenAll(waiting);
    }

    private static StoreEvent Event(long revision) => new(
        WatchEventType.Added, ObjectBytes.Write(ObjectKey.Cluster("a"), new JsonObject { ["apiVersion"] = "v1", ["kind"] = "A" }, revision), null, revision);
}
