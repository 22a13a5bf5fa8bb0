using Fleet.Contracts.Services;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Resources;
using Fleet.Kubernetes.Watching;

namespace Fleet.StateManager.MultiClusterServices;

/// <summary>All objects of one of the two kinds, from a watch.</summary>
internal sealed class MultiClusterRows<TSpec>(IKubernetesClient management, ResourceType<CustomResource<TSpec, MultiClusterServiceStatus>> type, TimeProvider clock) : IAsyncDisposable
    where TSpec : MultiClusterSpec, new()
{
    public ResourceType<CustomResource<TSpec, MultiClusterServiceStatus>> Type => type;

    public Informer<CustomResource<TSpec, MultiClusterServiceStatus>, CustomResource<TSpec, MultiClusterServiceStatus>> Informer { get; } =
        management.Resource(type).Informer(new InformerOptions<CustomResource<TSpec, MultiClusterServiceStatus>, CustomResource<TSpec, MultiClusterServiceStatus>>
        {
            Project = static item => item,
            Clock = clock,
        });

    /// <summary>Those that reach a namespace, and none before all are known.</summary>
    public IEnumerable<MultiClusterRow> For(string @namespace) =>
        Informer.State.HasSynced ? Informer.Items.Where(item => item.Metadata.Namespace is null or "" || item.Metadata.Namespace == @namespace).Select(item => MultiClusterRow.Of(type.Kind, item)) : [];

    public IEnumerable<MultiClusterRow> All => Informer.State.HasSynced ? Informer.Items.Select(item => MultiClusterRow.Of(type.Kind, item)) : [];

    public ValueTask DisposeAsync() => Informer.DisposeAsync();
}
