using Fleet.Contracts.Components;
using Fleet.Control.Kinds;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Resources;
using Fleet.Kubernetes.Watching;

namespace Fleet.ClusterManager.Providers;

/// <summary>Which providers clusters can count on. Where nobody has made a Management, providers are the administrator's own affair and nothing is checked.</summary>
internal sealed class ProviderOffers(IKubernetesClient client, TimeProvider clock) : IAsyncDisposable
{
    private static readonly ObjectKey Singleton = ObjectKey.Cluster(ManagementSpec.SingletonName);

    public Informer<Management, ProviderOffer> Managements { get; } = client.Resource(FleetKinds.Managements).Informer(new InformerOptions<Management, ProviderOffer>
    {
        Project = management => ProviderOffer.Of("Management", management.Metadata, management.Status, management.Status?.ObservedGeneration),
        Unchanged = EqualityComparer<ProviderOffer>.Default,
        Clock = clock,
    });

    /// <summary>Null when nothing is known, and so nothing is checked.</summary>
    /// <param name="region">Name of the Region that the cluster is in; null or empty for the management cluster itself.</param>
    /// <param name="ct">Ends the wait for the watch.</param>
    public async Task<ProviderOffer?> InAsync(string? region, CancellationToken ct)
    {
        Managements.Start();
        await Managements.WaitForSyncAsync(ct);
        if (!Managements.TryGet(Singleton, out var offer) || string.IsNullOrEmpty(region))
            return offer;
        return await client.Resource(FleetKinds.Regions).GetAsync(ObjectKey.Cluster(region), ct) is { } found
            ? ProviderOffer.Of("Region", found.Metadata, found.Status, found.Status?.ObservedGeneration)
            : null;
    }

    /// <summary>Clusters that had to wait may go on, or the other way round.</summary>
    public static bool Matters(InformerEvent<ProviderOffer> change) =>
        change.Previous is not { } before
        || before.IsSettled != change.Item.IsSettled || before.AvailableText != change.Item.AvailableText || before.ContractsText != change.Item.ContractsText
        || change.Type == InformerEventType.Deleted;

    public ValueTask DisposeAsync() => Managements.DisposeAsync();
}
