using System.Collections.Concurrent;
using Fleet.Control.Queueing;
using Fleet.Kubernetes.Core;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Resources;
using Fleet.Kubernetes.Watching;
using Fleet.Observability.Hours;
using Fleet.Observability.Objects;

namespace Fleet.Observability.Clusters;

/// <summary>What there is in one managed cluster, by watch, as far as its cost needs it. Answers from memory.</summary>
internal sealed class ClusterObjects : IAsyncDisposable
{
    /// <summary>One broken watch is daily life; it is taken up again within a second.</summary>
    private const int FailuresShown = 3;

    /// <summary>A Job can leave thousands of pods behind in a moment; beyond this the last minute of the rest is not accounted for.</summary>
    private const int MostDeparted = 20_000;

    private readonly ConcurrentQueue<DepartedPod> departed = new();
    private readonly Watched<Node, NodeRow> nodes;
    private readonly Watched<Pod, PodRow> pods;
    private readonly Watched<PersistentVolume, VolumeRow> volumes;
    private readonly Watched<PersistentVolumeClaim, ClaimRow> claims;
    private readonly Watched<Service, ServiceRow> services;
    private readonly Watched<Namespace, NamespaceRow> namespaces;

    public ClusterObjects(IKubernetesClient client, TimeProvider clock, IJitterSource jitter)
    {
        nodes = new(client, CoreTypes.Nodes, NodeRow.Of, clock, jitter);
        pods = new(client, CoreTypes.Pods, PodRow.Of, clock, jitter);
        volumes = new(client, CoreTypes.PersistentVolumes, VolumeRow.Of, clock, jitter);
        claims = new(client, CoreTypes.PersistentVolumeClaims, ClaimRow.Of, clock, jitter);
        services = new(client, CoreTypes.Services, ServiceRow.Of, clock, jitter);
        namespaces = new(client, CoreTypes.Namespaces, NamespaceRow.Of, clock, jitter);
        pods.Deleted(pod =>
        {
            if (departed.Count < MostDeparted)
                departed.Enqueue(new(pod, clock.GetUtcNow()));
        });
    }

    private IEnumerable<IWatched> All => [nodes, pods, volumes, claims, services, namespaces];

    /// <summary>Why what is known may be incomplete or old, by kind; empty when all is well.</summary>
    public IReadOnlyList<string> Problems => [.. All.Select(watched => watched.Problem).OfType<string>()];

    /// <summary>Completes when nodes and pods have been read: without them nothing can be priced. The others may be refused to this kubeconfig.</summary>
    public async Task StartAsync(CancellationToken ct)
    {
        foreach (var watched in All)
            watched.Start();
        await Task.WhenAll(nodes.WaitForSyncAsync(ct), pods.WaitForSyncAsync(ct));
    }

    /// <summary>All that is known now.</summary>
    public ClusterSnapshot Snapshot() => new()
    {
        Nodes = nodes.Items, Pods = pods.Items, Volumes = volumes.Items, Claims = claims.Items, Services = services.Items, Namespaces = namespaces.Items, Problems = Problems,
    };

    /// <summary>Pods that have gone since this was asked last.</summary>
    public IReadOnlyList<DepartedPod> TakeDeparted()
    {
        var taken = new List<DepartedPod>();
        while (departed.TryDequeue(out var pod))
            taken.Add(pod);
        return taken;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var watched in All)
            await watched.DisposeAsync();
    }

    private interface IWatched : IAsyncDisposable
    {
        string? Problem { get; }

        void Start();
    }

    private sealed class Watched<T, TRow>(IKubernetesClient client, ResourceType<T> type, Func<T, TRow> row, TimeProvider clock, IJitterSource jitter) : IWatched
        where T : class, IKubernetesObject
        where TRow : class, IEquatable<TRow>
    {
        private readonly Informer<T, TRow> informer = client.Resource(type).Informer(new InformerOptions<T, TRow>
        {
            Project = row, Unchanged = EqualityComparer<TRow>.Default, Clock = clock, Jitter = jitter.Next,
        });

        public IReadOnlyList<TRow> Items => informer.State.HasSynced ? [.. informer.Items] : [];

        public string? Problem => informer.State is { LastError: { } error } state && (state.Failures >= FailuresShown || !state.HasSynced) ? $"{type.Kind.Plural}: {error.Message}" : null;

        public void Start() => informer.Start();

        public void Deleted(Action<TRow> told) => informer.Subscribe(change =>
        {
            if (change.Type == InformerEventType.Deleted)
                told(change.Item);
        });

        public Task WaitForSyncAsync(CancellationToken ct) => informer.WaitForSyncAsync(ct);

        public ValueTask DisposeAsync() => informer.DisposeAsync();
    }
}
