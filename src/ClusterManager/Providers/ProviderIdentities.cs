using Fleet.ClusterManager.Credentials;
using Fleet.Contracts.Providers;
using Fleet.Kubernetes.Objects;

namespace Fleet.ClusterManager.Providers;

/// <summary>Finds what a provider says about identities: by the label with its name, else by the release that brought both. Pure.</summary>
internal static class ProviderIdentities
{
    /// <summary>Null when nobody says anything about the provider.</summary>
    /// <param name="known">In the order of their names.</param>
    /// <param name="provider">For instance <c>infrastructure-aws</c>.</param>
    /// <param name="component">Name of the component that brings the provider, if known.</param>
    public static IReadOnlyList<string>? KindsOf(IReadOnlyList<KnownInterface> known, string provider, string? component)
    {
        var found = known.Where(item => item.Provider == provider).ToList();
        // A chart's label is no word about bootstrap and control plane providers, which take no identities.
        if (found.Count == 0 && component is not null && provider.StartsWith("infrastructure-", StringComparison.Ordinal))
            found = [.. known.Where(item => item.Provider is null && item.Release == component)];
        if (found.Count == 0)
            return null;
        return [.. found.SelectMany(item => (item.Spec.ClusterIdentities ?? []).Select(identity => identity.Kind).Concat(item.Spec.ClusterIdentityKinds ?? [])).Distinct(StringComparer.Ordinal)];
    }

    /// <summary>Null when no provider names this kind. Versions of a kind refer to the same.</summary>
    public static IReadOnlyList<ProviderIdentityReference>? ReferencesOf(IReadOnlyList<KnownInterface> known, ResourceKind kind) =>
        known.SelectMany(item => item.Spec.ClusterIdentities ?? []).FirstOrDefault(identity => identity.Group == kind.Group && identity.Kind == kind.Kind) is { } found
            ? found.References ?? []
            : null;

    public static IReadOnlyList<ProviderIdentityReference> BuiltIn(string kind) =>
        IdentityRequirements.OfKind(kind) is { SecretNameAt.Length: > 0 } requirement
            ? [new() { Version = "v1", Kind = "Secret", NameFieldPath = string.Join('.', requirement.SecretNameAt) }]
            : [];
}
