using System.Text.Json.Nodes;
using Fleet.ClusterManager.Connections;
using Fleet.ClusterManager.Watching;
using Fleet.Control.Kinds;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Resources;

namespace Fleet.ClusterManager.Credentials;

/// <summary>Follows a Credential to its identity and from there to the identity's Secret.</summary>
internal sealed class CredentialFactsReader(
    IKubernetesClient client, SecretShapes secrets, SystemNamespaces namespaces, ClusterWatches watches, IClusterProbe probe, TimeProvider clock)
{
    /// <summary>Names of the clusters that use it.</summary>
    public async Task<IReadOnlyList<string>> UsersAsync(Credential credential, CancellationToken ct)
    {
        await watches.Clusters.WaitForSyncAsync(ct);
        var users = watches.Clusters.ByIndex(ClusterWatches.ByCredential, credential.Metadata.Key.ToString()).Select(cluster => cluster.Key.Name);
        return [.. users.Order(StringComparer.Ordinal)];
    }

    /// <summary>All but its users.</summary>
    public async Task<CredentialFacts> ReadAsync(Credential credential, CancellationToken ct)
    {
        var key = credential.Metadata.Key;
        var reference = credential.Spec.IdentityRef;
        if (string.IsNullOrEmpty(reference.ApiVersion) || string.IsNullOrEmpty(reference.Kind) || string.IsNullOrEmpty(reference.Name))
            return new() { Object = credential, Identity = IdentityState.Invalid, IdentityKey = default };
        if (await client.FindKindAsync(GroupVersionKind.Parse(reference.ApiVersion, reference.Kind), ct) is not { } kind)
            return new() { Object = credential, Identity = IdentityState.KindUnknown, IdentityKey = new(reference.Namespace ?? "", reference.Name) };
        // Samples name a namespace for cluster-scoped kinds, and none for namespaced ones.
        var identityKey = kind.Namespaced ? new ObjectKey(reference.Namespace is { Length: > 0 } named ? named : key.Namespace, reference.Name) : ObjectKey.Cluster(reference.Name);
        if (kind is { Group: "", Kind: "Secret" })
            return await OfSecretAsync(credential, identityKey, ct);
        if (await client.Dynamic(kind).GetAsync(identityKey, ct) is not { } identity)
            return new() { Object = credential, Identity = IdentityState.NotFound, IdentityKey = identityKey };
        var secret = await FollowAsync(identity, IdentityRequirements.OfKind(kind.Kind), key.Namespace, ct);
        return new()
        {
            Object = credential,
            Identity = IdentityState.Found,
            IdentityKey = identityKey,
            Secret = secret,
            NeededKeys = secret is null ? [] : IdentityRequirements.OfKind(kind.Kind)!.Keys,
        };
    }

    // What a plain Secret must hold depends on the provider, which only the template of a cluster knows: checked there.
    private async Task<CredentialFacts> OfSecretAsync(Credential credential, ObjectKey key, CancellationToken ct)
    {
        if (await client.Dynamic(CoreKinds.Secrets).GetAsync(key, ct) is not { } secret)
            return new() { Object = credential, Identity = IdentityState.NotFound, IdentityKey = key, Secret = SecretShape.Missing(key) };
        var shape = SecretShapes.Of(key, secret.Root, clock.GetUtcNow());
        return new()
        {
            Object = credential,
            Identity = IdentityState.Found,
            IdentityKey = key,
            Secret = shape,
            Answer = await AskAsync(shape, secret, ct),
        };
    }

    /// <summary>A kubeconfig is the one identity that names somebody whom Fleet can ask.</summary>
    private async Task<ProbeResult?> AskAsync(SecretShape shape, DynamicObject secret, CancellationToken ct)
    {
        var text = KubeconfigKeys.Where(key => shape.FilledKeys.Contains(key) && !shape.Problems.ContainsKey(key))
            .Select(key => SecretShapes.Text(secret.Root, key)).FirstOrDefault();
        return text is null || IdentityContents.IsPrivateKey(text) ? null : await probe.ProbeAsync(text, ct);
    }

    private static readonly string[] KubeconfigKeys = ["kubeconfig", "value"];

    private async Task<SecretShape?> FollowAsync(
        DynamicObject identity, IdentityRequirement? requirement, string credentialNamespace, CancellationToken ct)
    {
        if (requirement is null || Text(identity, requirement.SecretNameAt) is not { } name)
            return null;
        var stated = Text(identity, requirement.SecretNamespaceAt);
        IEnumerable<string> places = stated is not null ? [stated]
            : identity.Key.Namespace.Length > 0 ? [identity.Key.Namespace]
            : [.. namespaces.Names, .. ProviderNamespaces, credentialNamespace];
        SecretShape? first = null;
        foreach (var place in places)
        {
            var shape = await secrets.ReadAsync(new(place, name), ct);
            if (shape.Exists)
                return shape;
            first ??= shape;
        }
        return first;
    }

    /// <summary>Where the controllers of providers with cluster-scoped identities look for Secrets when they run in their own namespaces.</summary>
    private static readonly string[] ProviderNamespaces = ["capa-system", "capv-system"];

    private static string? Text(DynamicObject identity, string[] path) =>
        path.Length > 0 && identity.At(path) is JsonValue value && value.TryGetValue<string>(out var text) && text.Length > 0 ? text : null;
}
