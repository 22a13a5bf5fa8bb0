using Fleet.Control.Kinds;
using Fleet.Kubernetes.Core;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Resources;
using Fleet.Kubernetes.Watching;

namespace Fleet.StateManager.Services;

/// <summary>Which sources of manifests, charts and values in the management cluster changed, without what is in them. Several triggers share the watches.</summary>
internal sealed class SourceWatches(IKubernetesClient management, TimeProvider clock) : IAsyncDisposable
{
    public Informer<PartialObjectMetadata, string> ConfigMaps { get; } = Of(management, CoreKinds.ConfigMaps, null, clock);

    /// <summary>But for helm's records: nobody takes anything from them, and there are many.</summary>
    public Informer<PartialObjectMetadata, string> Secrets { get; } = Of(management, CoreKinds.Secrets, "owner!=helm", clock);

    /// <summary>By kind, the sources that are looked at now and then: what is stated of them, and who asks for a look now. Where Flux runs it writes status all the time.</summary>
    public IReadOnlyDictionary<string, Informer<PartialObjectMetadata, string>> Repositories { get; } =
        new[] { FleetKinds.HelmRepositories.Kind, FleetKinds.GitRepositories.Kind, FleetKinds.Buckets.Kind, FleetKinds.OciRepositories.Kind }
            .ToDictionary(kind => kind.Kind, kind => management.Metadata(kind).Informer(new InformerOptions<PartialObjectMetadata, string>
            {
                Project = static source => $"{source.Metadata.Uid} {source.Metadata.Generation} {string.Join(' ', (source.Metadata.Annotations ?? []).OrderBy(a => a.Key, StringComparer.Ordinal))}",
                Unchanged = StringComparer.Ordinal,
                Clock = clock,
            }));

    /// <summary>Of one of the <see cref="Repositories"/>: equal until it is stated otherwise, or somebody asks for a look. Null for one that is not there.</summary>
    public async Task<string?> VersionAsync(string kind, ObjectKey key, CancellationToken ct)
    {
        await Repositories[kind].WaitForSyncAsync(ct);
        return Repositories[kind].TryGet(key, out var version) ? version : null;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var informer in Repositories.Values)
            await informer.DisposeAsync();
        await ConfigMaps.DisposeAsync();
        await Secrets.DisposeAsync();
    }

    private static Informer<PartialObjectMetadata, string> Of(IKubernetesClient management, ResourceKind kind, string? selector, TimeProvider clock) =>
        management.Metadata(kind).Informer(new InformerOptions<PartialObjectMetadata, string> { Project = static item => item.Metadata.ResourceVersion ?? "", LabelSelector = selector, Clock = clock });
}
