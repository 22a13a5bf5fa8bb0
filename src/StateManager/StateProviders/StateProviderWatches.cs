using System.Collections.Concurrent;
using Fleet.Control.Kinds;
using Fleet.Control.Queueing;
using Fleet.Control.Watching;
using Fleet.Kubernetes.Core;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Resources;
using Fleet.Kubernetes.Watching;

namespace Fleet.StateManager.StateProviders;

/// <summary>
/// Watches of single objects, those that providers name, and of definitions of kinds: their changes ask for the providers. An object that several
/// providers name is watched for each; there are few.
/// </summary>
internal sealed class StateProviderWatches(IKubernetesClient management, TimeProvider clock) : ITrigger, IAsyncDisposable
{
    private readonly SemaphoreSlim turn = new(1);
    private readonly Dictionary<(ObjectKey Provider, ResourceKind Kind, ObjectKey Key), Informer<PartialObjectMetadata, string>> watches = [];

    private readonly Informer<PartialObjectMetadata, string> definitions = management.Metadata(CoreKinds.Definitions).Informer(
        new InformerOptions<PartialObjectMetadata, string> { Project = static item => item.Metadata.ResourceVersion ?? "", Clock = clock });

    private readonly ConcurrentDictionary<ObjectKey, HashSet<string>> groups = new();
    private IWorkQueue? queue;

    public async Task StartAsync(IWorkQueue queue, CancellationToken ct)
    {
        this.queue = queue;
        definitions.Subscribe(change =>
        {
            // The name of a definition is plural.group. Other groups change often where many things are installed, and concern nobody here.
            var group = change.Key.Name[(change.Key.Name.IndexOf('.', StringComparison.Ordinal) + 1)..];
            var concerned = groups.Where(g => g.Value.Contains(group)).Select(g => g.Key).ToList();
            if (!definitions.State.HasSynced || concerned.Count == 0)
                return;
            management.Discovery.Invalidate();
            foreach (var key in concerned)
                queue.Add(key);
        });
        definitions.Start();
        await definitions.WaitForSyncAsync(ct);
    }

    /// <summary>The groups of kinds whose definitions matter to a provider from now on.</summary>
    public void Follow(ObjectKey provider, IEnumerable<string> groupsOfKinds) => groups[provider] = [.. groupsOfKinds];

    /// <summary>The objects that a provider names from now on.</summary>
    public async Task FollowAsync(ObjectKey provider, IEnumerable<(ResourceKind Kind, ObjectKey Key)> named)
    {
        var wanted = named.Select(n => (provider, n.Kind, n.Key)).ToHashSet();
        await turn.WaitAsync();
        try
        {
            foreach (var (id, watch) in watches.Where(w => w.Key.Provider == provider && !wanted.Contains(w.Key)).ToList())
            {
                watches.Remove(id);
                await watch.DisposeAsync();
            }
            foreach (var id in wanted.Where(id => !watches.ContainsKey(id)))
                watches[id] = Begin(id.provider, id.Kind, id.Key);
        }
        finally
        {
            turn.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await definitions.DisposeAsync();
        foreach (var watch in watches.Values)
            await watch.DisposeAsync();
        turn.Dispose();
    }

    private Informer<PartialObjectMetadata, string> Begin(ObjectKey provider, ResourceKind kind, ObjectKey key)
    {
        var informer = management.Metadata(kind).Informer(new InformerOptions<PartialObjectMetadata, string>
        {
            Project = static item => item.Metadata.ResourceVersion ?? "",
            Namespace = key.Namespace.Length > 0 ? key.Namespace : null,
            FieldSelector = $"metadata.name={key.Name}",
            Clock = clock,
        });
        // The first list, too: the object may have changed since the provider was looked at.
        informer.Subscribe(_ => queue?.Add(provider));
        informer.Start();
        return informer;
    }
}
