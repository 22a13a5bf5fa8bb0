using System.Text.Json.Nodes;
using Fleet.ClusterManager.Providers;
using Fleet.Contracts;
using Fleet.Contracts.Providers;
using Fleet.Control.Grains;
using Fleet.Control.Kinds;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Resources;

namespace Fleet.ClusterManager.Credentials.Copies;

/// <summary>
/// Brings the identity of a Credential that was distributed to a namespace, and what the identity refers to, into that namespace; keeps them as
/// their sources are, and takes them away with the last Credential that needs them.
/// </summary>
internal sealed class IdentityCopies(IKubernetesClient client, ProviderInterfaces interfaces, SystemNamespaces namespaces)
{
    /// <summary>Distributed: made by Fleet (or upstream) from one in a system namespace.</summary>
    public bool AreNeededBy(Credential credential) =>
        credential.Metadata.Labels?.GetValueOrDefault(FleetLabels.Managed) == "true"
        && !namespaces.Names.Contains(credential.Metadata.Namespace)
        && (credential.Spec.IdentityRef.Namespace ?? "") == credential.Metadata.Namespace;

    /// <summary>Nothing is done when no system namespace has the identity: then it is the namespace's own affair.</summary>
    public async Task EnsureAsync(Credential credential, GrainOwnership ownership, CancellationToken ct)
    {
        if (await KindAsync(credential, ct) is not { Namespaced: true } kind)
            return;
        foreach (var copy in await ReadAsync(credential, kind, ct))
            await CopyWrites.TakeAsync(client, copy.Kind, copy.Target, copy.Existing, IdentityCopyPlanner.Wanted(copy, credential.Metadata.Key), ownership, ct);
    }

    /// <summary>Idempotent; leaves what other Credentials still need.</summary>
    public async Task ReleaseAsync(Credential credential, GrainOwnership ownership, CancellationToken ct)
    {
        var label = CredentialLabel.Of(credential.Metadata.Key);
        List<ResourceKind> kinds = [CoreKinds.Secrets];
        if (await KindAsync(credential, ct) is { Namespaced: true } kind && kind != CoreKinds.Secrets)
        {
            kinds.Add(kind);
            foreach (var reference in await interfaces.ReferencesAsync(kind, ct))
                if (await client.FindKindAsync(new(reference.Group, reference.Version, reference.Kind), ct) is { Namespaced: true } referent && !kinds.Contains(referent))
                    kinds.Add(referent);
        }
        foreach (var place in kinds)
        {
            var left = await client.Dynamic(place).ListAsync(new() { Namespace = credential.Metadata.Namespace, LabelSelector = $"{label}=true" }, ct);
            foreach (var item in left.Items)
                await CopyWrites.TakeAsync(client, place, item.Key, item, IdentityCopyPlanner.Unwanted(item, credential.Metadata.Key), ownership, ct);
        }
    }

    private async Task<IReadOnlyList<IdentityCopy>> ReadAsync(Credential credential, ResourceKind kind, CancellationToken ct)
    {
        foreach (var place in namespaces.Names)
        {
            if (await client.Dynamic(kind).GetAsync(new(place, credential.Spec.IdentityRef.Name!), ct) is not { } source)
                continue;
            List<IdentityCopy> copies = [await CopyAsync(kind, source, credential, ct)];
            foreach (var reference in await interfaces.ReferencesAsync(kind, ct))
                if (await ReferentAsync(source, reference, ct) is var (referentKind, referent))
                    copies.Add(await CopyAsync(referentKind, referent, credential, ct));
            return copies;
        }
        return [];
    }

    /// <summary>Null when it is not there, or exists for the whole cluster and needs no copy.</summary>
    private async Task<(ResourceKind Kind, DynamicObject Object)?> ReferentAsync(DynamicObject identity, ProviderIdentityReference reference, CancellationToken ct)
    {
        if ((identity.At(reference.NameFieldPath.Split('.')) as JsonValue)?.TryGetValue<string>(out var name) != true || string.IsNullOrEmpty(name))
            return null;
        if (await client.FindKindAsync(new(reference.Group, reference.Version, reference.Kind), ct) is not { Namespaced: true } kind)
            return null;
        var place = identity.At(reference.NamespaceFieldPath?.Split('.') ?? []) is JsonValue stated && stated.TryGetValue<string>(out var named) && named.Length > 0
            ? named : identity.Key.Namespace;
        return await client.Dynamic(kind).GetAsync(new(place, name), ct) is { } referent ? (kind, referent) : null;
    }

    private async Task<IdentityCopy> CopyAsync(ResourceKind kind, DynamicObject source, Credential credential, CancellationToken ct)
    {
        var target = new ObjectKey(credential.Metadata.Namespace!, source.Key.Name);
        return new(kind, source.Root, target, await client.Dynamic(kind).GetAsync(target, ct));
    }

    private async Task<ResourceKind?> KindAsync(Credential credential, CancellationToken ct)
    {
        var reference = credential.Spec.IdentityRef;
        return string.IsNullOrEmpty(reference.ApiVersion) || string.IsNullOrEmpty(reference.Kind) || string.IsNullOrEmpty(reference.Name)
            ? null
            : await client.FindKindAsync(GroupVersionKind.Parse(reference.ApiVersion, reference.Kind), ct);
    }
}
