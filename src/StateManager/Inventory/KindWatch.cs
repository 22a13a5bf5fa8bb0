using System.Collections.Concurrent;
using Fleet.Control.Queueing;
using Fleet.Helm.Releases;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Resources;
using Fleet.Kubernetes.Watching;

namespace Fleet.StateManager.Inventory;

/// <summary>The objects of one kind in a cluster that Helm has applied, of followed releases only; and those that Fleet has laid for them.</summary>
internal sealed class KindWatch : IAsyncDisposable
{
    /// <summary>One broken watch is daily life; it is taken up again within a second.</summary>
    private const int FailuresShown = 3;

    private readonly Informer<DynamicObject, LiveObject?> informer;
    private readonly ConcurrentDictionary<ReleaseName, bool> passedOver = new();

    /// <param name="isLabelled">Only what carries Helm's label is asked for. Foundations do not carry it.</param>
    /// <param name="releaseOf">The followed release that an object belongs to; null when it belongs to none.</param>
    /// <param name="synced">Told once, when the first list has been read: objects that are not in it have no event.</param>
    public KindWatch(
        IKubernetesClient client, ResourceKind kind, bool isLabelled, Func<DynamicObject, ReleaseName?> releaseOf, ObjectProjection? projection,
        Action<ReleaseName> changed, Action<ResourceKind> synced, TimeProvider clock, IJitterSource jitter)
    {
        Kind = kind;
        IsLabelled = isLabelled;
        informer = client.Dynamic(kind).Informer(new InformerOptions<DynamicObject, LiveObject?>
        {
            Project = live => Project(live, releaseOf, projection),
            LabelSelector = isLabelled ? HelmMetadata.Selector : null,
            Unchanged = EqualityComparer<LiveObject?>.Default,
            Clock = clock,
            Jitter = jitter.Next,
        });
        informer.Subscribe(change =>
        {
            if ((change.Item ?? change.Previous) is { } told && informer.State.HasSynced)
                changed(told.Release);
        });
        informer.Start();
        _ = TellWhenSyncedAsync(synced);
    }

    public ResourceKind Kind { get; }

    public bool IsLabelled { get; }

    public bool IsKnown => informer.State.HasSynced;

    /// <summary>Why the objects are not seen, or may be older than it looks; null while all is well.</summary>
    public string? Problem => informer.State is { Failures: >= FailuresShown, LastError: { } error } ? $"{Kind} cannot be watched: {error.Message}" : null;

    public LiveObject? Find(ObjectKey key) => IsKnown && informer.TryGet(key, out var live) ? live : null;

    /// <summary>The release was not followed when its objects came by, so they were not kept.</summary>
    public bool HasPassedOver(ReleaseName release) => passedOver.ContainsKey(release);

    public ValueTask DisposeAsync() => informer.DisposeAsync();

    private LiveObject? Project(DynamicObject live, Func<DynamicObject, ReleaseName?> releaseOf, ObjectProjection? projection)
    {
        if (releaseOf(live) is { } release)
            return LiveObject.Of(release, live, projection?.Invoke(Kind, live));
        if (HelmMetadata.ReleaseOf(live.Root) is { } other)
            passedOver.TryAdd(other, true);
        return null;
    }

    private async Task TellWhenSyncedAsync(Action<ResourceKind> synced)
    {
        try
        {
            await informer.WaitForSyncAsync(CancellationToken.None);
            synced(Kind);
        }
        catch (OperationCanceledException)
        {
            // It was stopped before.
        }
    }
}
