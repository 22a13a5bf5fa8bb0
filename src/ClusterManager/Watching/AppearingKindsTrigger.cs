using Fleet.Control.Queueing;
using Fleet.Control.Watching;
using Fleet.Kubernetes.Core;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Watching;

namespace Fleet.ClusterManager.Watching;

/// <summary>
/// Watches kinds that may not be there yet (a provider is installed later) or go again: each is watched from the moment on that its
/// definition is established.
/// </summary>
internal sealed class AppearingKindsTrigger(
    IKindWatches watches, Func<DefinitionRow, bool> wanted, Func<AppearedRow, IEnumerable<ObjectKey>> keysFor) : ITrigger
{
    private readonly Dictionary<ObjectKey, Watched> watched = [];
    private readonly Lock gate = new();

    public async Task StartAsync(IWorkQueue queue, CancellationToken ct)
    {
        var subscription = watches.Definitions.Subscribe(change => Follow(change, queue));
        ct.Register(() =>
        {
            subscription.Dispose();
            StopAll();
        });
        watches.Definitions.Start();
        await watches.Definitions.WaitForSyncAsync(ct);
    }

    private void Follow(InformerEvent<DefinitionRow> change, IWorkQueue queue)
    {
        var kind = change.Type == InformerEventType.Deleted || !wanted(change.Item) ? null : change.Item.Served;
        lock (gate)
        {
            if (watched.GetValueOrDefault(change.Key) is { } present)
            {
                if (present.Kind == kind)
                    return;
                watched.Remove(change.Key);
                _ = present.Informer.DisposeAsync().AsTask();
            }
            if (kind is null)
                return;
            var informer = watches.Appeared(kind);
            informer.Subscribe(seen =>
            {
                foreach (var key in keysFor(seen.Item))
                    queue.Add(key);
            });
            watched.Add(change.Key, new(kind, informer));
            informer.Start();
        }
    }

    private void StopAll()
    {
        lock (gate)
        {
            foreach (var entry in watched.Values)
                _ = entry.Informer.DisposeAsync().AsTask();
            watched.Clear();
        }
    }

    private sealed record Watched(ResourceKind Kind, Informer<PartialObjectMetadata, AppearedRow> Informer);
}
