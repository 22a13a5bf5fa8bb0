using System.Threading.Channels;
using Fleet.Control.Queueing;
using Fleet.Control.Tests.Scripted;
using Fleet.Control.Watching;
using Fleet.Kubernetes.Core;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Resources;
using Fleet.Kubernetes.Watching;

namespace Fleet.Control.Tests.Watching;

public sealed class InformerTriggerTests
{
    private readonly Asked asked = new();

    [Fact]
    public async Task What_exists_is_asked_for_in_the_background_and_what_changes_then_at_once()
    {
        var objects = new ScriptedResource<ConfigMap> { Listed = [Map("a", "1"), Map("b", "1")] };
        await using var informer = objects.Informer<ConfigMap>();
        using var stop = new CancellationTokenSource();
        await new InformerTrigger<ConfigMap, ConfigMap>(informer, c => [c.Key]).StartAsync(asked, stop.Token);

        // Completed: everything that exists is in the queue already.
        Assert.Equal(["ns/a Background", "ns/b Background"], asked.Now().Order());

        objects.Happens(WatchEventType.Added, Map("c", "2"));
        objects.Happens(WatchEventType.Modified, Map("a", "3"));
        objects.Happens(WatchEventType.Deleted, Map("b", "4"));
        Assert.Equal(["ns/c Normal", "ns/a Normal", "ns/b Normal"], await asked.NextAsync(3));
    }

    [Fact]
    public async Task Keys_come_from_the_mapping_and_none_after_the_stop()
    {
        var objects = new ScriptedResource<ConfigMap> { Listed = [Map("a", "1")] };
        await using var informer = objects.Informer<ConfigMap>();
        var seen = Channel.CreateUnbounded<string>();
        using var stop = new CancellationTokenSource();
        await new InformerTrigger<ConfigMap, ConfigMap>(informer, c => [c.Key with { Name = "owner" }, c.Key with { Name = "other" }]).StartAsync(asked, stop.Token);
        Assert.Equal(["ns/owner Background", "ns/other Background"], asked.Now());

        await stop.CancelAsync();
        using var after = informer.Subscribe(c => seen.Writer.TryWrite(c.Key.Name));
        objects.Happens(WatchEventType.Added, Map("late", "2"));
        while (await seen.Reader.ReadAsync(TestContext.Current.CancellationToken) != "late")
        {
            // The one that was there before is reported to every new subscriber.
        }

        Assert.Empty(asked.Now());
    }

    [Theory]
    [InlineData("status only", false, null, null, null)]
    [InlineData("spec", true, 2L, null, null)]
    [InlineData("label", true, null, "x", null)]
    [InlineData("finalizer", true, null, null, "f")]
    public void Own_changes_are_those_that_the_status_writer_does_not_make(string what, bool expected, long? generation, string? label, string? finalizer)
    {
        var before = Map("a", "1");
        var after = Map("a", "2");
        before.Metadata.Generation = 1;
        after.Metadata.Generation = generation ?? 1;
        after.Metadata.Labels = label is null ? null : new() { ["l"] = label };
        after.Metadata.Finalizers = finalizer is null ? null : [finalizer];
        Assert.True(expected == Changes.Own(new InformerEvent<ConfigMap>(InformerEventType.Updated, after.Metadata.Key, after, before)).Any(), what);
    }

    private static ConfigMap Map(string name, string version) =>
        new() { Metadata = new() { Name = name, Namespace = "ns", Uid = name, ResourceVersion = version } };

    private sealed class Asked : IWorkQueue
    {
        private readonly Channel<string> keys = Channel.CreateUnbounded<string>();

        public void Add(ObjectKey key, WorkPriority priority = WorkPriority.Normal, TimeSpan delay = default) => keys.Writer.TryWrite($"{key} {priority}");

        public List<string> Now()
        {
            var all = new List<string>();
            while (keys.Reader.TryRead(out var key))
                all.Add(key);
            return all;
        }

        public async Task<List<string>> NextAsync(int count)
        {
            var all = new List<string>();
            while (all.Count < count)
                all.Add(await keys.Reader.ReadAsync(TestContext.Current.CancellationToken));
            return all;
        }
    }
}
