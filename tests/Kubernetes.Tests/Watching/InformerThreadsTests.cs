using Fleet.Kubernetes.Core;
using Fleet.Kubernetes.Tests.Scripted;
using Fleet.Kubernetes.Watching;

namespace Fleet.Kubernetes.Tests.Watching;

/// <summary>Counts threads of the whole process, so nothing else may run beside it.</summary>
[CollectionDefinition(Alone, DisableParallelization = true)]
[Collection(Alone)]
public sealed class InformerThreadsTests
{
    public const string Alone = "informer threads";

    [Fact]
    public async Task Many_informers_take_no_threads()
    {
        await using var server = await ScriptedServer.StartAsync(c => c.Request.Query.ContainsKey("watch") ? Answer.Watch("HANG")(c) : Answer.Page("10", null, "a:1")(c));
        using var client = server.Client();
        var informers = Enumerable.Range(0, 200).Select(_ => client.Resource(CoreTypes.ConfigMaps).Informer()).ToList();
        informers.ForEach(i => i.Start());
        await Task.WhenAll(informers.Select(i => i.WaitForSyncAsync(TestContext.Current.CancellationToken)));
        Assert.True(SpinWait.SpinUntil(() => informers.All(i => i.State.IsWatching), TimeSpan.FromSeconds(60)));
        Assert.InRange(ThreadPool.ThreadCount, 1, 60);
        await Task.WhenAll(informers.Select(i => i.DisposeAsync().AsTask()));
    }
}
