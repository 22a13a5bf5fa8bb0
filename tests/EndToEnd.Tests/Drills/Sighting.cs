using System.Text.Json.Nodes;
using System.Threading.Channels;
using Fleet.ControlPlane.Machinery;
using Fleet.Kubernetes.Resources;

namespace Fleet.EndToEnd.Tests.Drills;

/// <summary>Waits for a change in a cluster that is as wanted, and then for nothing more.</summary>
internal sealed class Sighting : IAsyncDisposable
{
    private readonly Channel<ClusterChange> changes = Channel.CreateUnbounded<ClusterChange>();
    private readonly IDisposable subscription;

    /// <param name="api">Where.</param>
    /// <param name="isIt">Gets the change, and the object as it is a moment later; null when it is gone.</param>
    public Sighting(IClusterApi api, Func<ClusterChange, JsonObject?, bool> isIt)
    {
        subscription = api.Subscribe(change => changes.Writer.TryWrite(change));
        Reached = Task.Run(async () =>
        {
            await foreach (var change in changes.Reader.ReadAllAsync())
            {
                if (change.Type != WatchEventType.Bookmark && change.Kind.Kind != "Event" && isIt(change, change.Type == WatchEventType.Deleted ? null : api.Get(change.Kind, change.Key)))
                    return;
            }
        });
    }

    public Task Reached { get; }

    public async ValueTask DisposeAsync()
    {
        subscription.Dispose();
        changes.Writer.TryComplete();
        await Reached;
    }
}
