using Fleet.Control.Kinds;
using Fleet.Control.Placement;
using Fleet.Cost.Prices;
using Fleet.Kubernetes.Resources;
using Fleet.Kubernetes.Watching;

namespace Fleet.Observability.Collection;

/// <summary>The fleet's price sheets, by watch.</summary>
internal sealed class PriceSheets : IAsyncDisposable
{
    private readonly Informer<PriceSheet, NamedPriceSheet> informer;

    public PriceSheets(IKubernetesClient management, TimeProvider clock)
    {
        informer = management.Resource(FleetKinds.PriceSheets).Informer(new InformerOptions<PriceSheet, NamedPriceSheet>
        {
            Project = sheet => new(sheet.Metadata.Name ?? "", sheet.Spec), Clock = clock,
        });
    }

    /// <summary>Without it the first hours would have no price.</summary>
    public async Task StartAsync(CancellationToken ct)
    {
        informer.Start();
        await informer.WaitForSyncAsync(ct);
    }

    /// <summary>What has a price in a cluster: sheets without a selector, and those whose selector finds it.</summary>
    public PriceBook For(ClusterDeployment cluster) => new(informer.Items.Where(sheet =>
        ClusterSelector.IsEmpty(sheet.Spec.ClusterSelector) || ClusterSelector.Matches(sheet.Spec.ClusterSelector, cluster.Metadata.Labels)));

    public ValueTask DisposeAsync() => informer.DisposeAsync();
}
