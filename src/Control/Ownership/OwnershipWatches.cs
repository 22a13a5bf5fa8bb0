using Fleet.Kubernetes.Core;
using Fleet.Kubernetes.Resources;
using Fleet.Kubernetes.Watching;

namespace Fleet.Control.Ownership;

/// <summary>Watches the Leases of all replicas and the table.</summary>
internal sealed class OwnershipWatches : IAsyncDisposable
{
    private readonly OwnershipOptions options;
    private readonly LeaseSightings sightings;
    private readonly Informer<Lease, ReplicaRow> leases;
    private readonly Informer<ConfigMap, TableRow> table;

    public OwnershipWatches(IKubernetesClient client, OwnershipOptions options, TimeProvider clock)
    {
        this.options = options;
        sightings = new(clock);
        leases = client.Resource(CoreTypes.Leases).Informer(new InformerOptions<Lease, ReplicaRow>
        {
            Project = ReplicaRow.From,
            Namespace = options.Namespace,
            LabelSelector = $"{OwnershipNames.ReplicaOf}={options.Service}",
            LongestBackoff = options.RenewEvery,
            Clock = clock,
        });
        table = client.Resource(CoreTypes.ConfigMaps).Informer(new InformerOptions<ConfigMap, TableRow>
        {
            Project = TableRow.From,
            Namespace = options.Namespace,
            FieldSelector = $"metadata.name={options.TableName}",
            LongestBackoff = options.RenewEvery,
            Clock = clock,
        });
    }

    public bool HasSynced => leases.State.HasSynced && table.State.HasSynced;

    /// <summary>Of all replicas, ours as well. Only after <see cref="HasSynced"/>, as all reads.</summary>
    public IReadOnlyList<ReplicaRow> Replicas => [.. leases.Items];

    /// <summary>Null when there is none.</summary>
    public TableRow? Table => table.TryGet(new(options.Namespace, options.TableName), out var row) ? row : null;

    /// <param name="changed">Called after each change, on a watch's own task: must be quick.</param>
    public void Start(Action changed)
    {
        leases.Subscribe(change =>
        {
            if (change.Type == InformerEventType.Deleted)
                sightings.Forget(change.Item.Lease);
            else
                sightings.See(change.Item.Lease, change.Item.Version);
            changed();
        });
        table.Subscribe(_ => changed());
        leases.Start();
        table.Start();
    }

    /// <summary>Leases that have expired as measured here.</summary>
    public IReadOnlyList<(string Lease, string Version)> Expired()
    {
        var durations = Replicas.ToDictionary(row => row.Lease, row => row.Duration, StringComparer.Ordinal);
        return sightings.Expired(lease => durations.TryGetValue(lease, out var duration) ? duration : null);
    }

    public async ValueTask DisposeAsync()
    {
        await leases.DisposeAsync();
        await table.DisposeAsync();
    }
}
