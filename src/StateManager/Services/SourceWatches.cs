using Fleet.Control.Kinds;
using Fleet.Kubernetes.Core;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Resources;
using Fleet.Kubernetes.Watching;

namespace Fleet.StateManager.Services;

/// <summary>Which ConfigMaps and Secrets of the management cluster changed, without what is in them. Several triggers share the two watches.</summary>
internal sealed class SourceWatches(IKubernetesClient management, TimeProvider clock) : IAsyncDisposable
{
    public Informer<PartialObjectMetadata, string> ConfigMaps { get; } = Of(management, CoreKinds.ConfigMaps, null, clock);

    /// <summary>But for helm's records: nobody takes anything from them, and there are many.</summary>
    public Informer<PartialObjectMetadata, string> Secrets { get; } = Of(management, CoreKinds.Secrets, "owner!=helm", clock);

    public async ValueTask DisposeAsync()
    {
        await ConfigMaps.DisposeAsync();
        await Secrets.DisposeAsync();
    }

    private static Informer<PartialObjectMetadata, string> Of(IKubernetesClient management, ResourceKind kind, string? selector, TimeProvider clock) =>
        management.Metadata(kind).Informer(new InformerOptions<PartialObjectMetadata, string> { Project = static item => item.Metadata.ResourceVersion ?? "", LabelSelector = selector, Clock = clock });
}
