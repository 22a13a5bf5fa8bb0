using Fleet.ClusterManager.Credentials;
using Fleet.Contracts;
using Fleet.Contracts.Providers;
using Fleet.Control.Kinds;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Resources;
using Fleet.Kubernetes.Watching;

namespace Fleet.ClusterManager.Providers;

/// <summary>A ProviderInterface, and what it is found by.</summary>
internal sealed record KnownInterface(ObjectKey Key, string? Provider, string? Release, ProviderInterfaceSpec Spec)
{
    public static KnownInterface Of(ProviderInterface item) => new(
        item.Metadata.Key,
        item.Metadata.Labels?.GetValueOrDefault(FleetAnnotations.ChartProviders),
        item.Metadata.Labels?.GetValueOrDefault(FleetLabels.HelmReleaseName),
        item.Spec);
}

/// <summary>What providers say about the identities that they take. What Fleet knows by itself holds where no provider says anything.</summary>
internal sealed class ProviderInterfaces(IKubernetesClient client, ProviderOffers offers, TimeProvider clock) : IAsyncDisposable
{
    public Informer<ProviderInterface, KnownInterface> Known { get; } = client.Resource(FleetKinds.ProviderInterfaces).Informer(
        new InformerOptions<ProviderInterface, KnownInterface> { Project = KnownInterface.Of, Clock = clock });

    /// <summary>Kinds of identities that each of these providers takes; one that takes any, or none, is left out.</summary>
    public async Task<IReadOnlyDictionary<string, IReadOnlyList<string>>> KindsAsync(IEnumerable<string> providers, CancellationToken ct)
    {
        var known = await AllAsync(ct);
        var offer = await offers.InAsync(null, ct);
        var result = new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal);
        foreach (var provider in providers)
            if ((ProviderIdentities.KindsOf(known, provider, offer?.ComponentOf(provider)) ?? IdentityRequirements.KindsOf(provider)) is { Count: > 0 } kinds)
                result[provider] = kinds;
        return result;
    }

    /// <summary>What an identity of this kind refers to.</summary>
    public async Task<IReadOnlyList<ProviderIdentityReference>> ReferencesAsync(ResourceKind kind, CancellationToken ct) =>
        ProviderIdentities.ReferencesOf(await AllAsync(ct), kind) ?? ProviderIdentities.BuiltIn(kind.Kind);

    private async Task<IReadOnlyList<KnownInterface>> AllAsync(CancellationToken ct)
    {
        Known.Start();
        await Known.WaitForSyncAsync(ct);
        return [.. Known.Items.OrderBy(item => item.Key)];
    }

    public ValueTask DisposeAsync() => Known.DisposeAsync();
}
