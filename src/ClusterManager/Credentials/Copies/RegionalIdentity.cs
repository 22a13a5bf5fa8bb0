using Fleet.ClusterManager.Capi;
using Fleet.ClusterManager.Providers;
using Fleet.ClusterManager.Regions;
using Fleet.Contracts;
using Fleet.Contracts.Conditions;
using Fleet.Contracts.Credentials;
using Fleet.Control.Grains;
using Fleet.Control.Kinds;
using Fleet.Control.Reconciling;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Resources;

namespace Fleet.ClusterManager.Credentials.Copies;

/// <summary>
/// Brings the identity of a Credential, and the Secret that it names, into the region that the Credential is for: there Cluster API's providers look for them.
/// Copies follow their sources and go with the last Credential that needs them.
/// </summary>
internal sealed class RegionalIdentity(IKubernetesClient management, RegionConnections connections, RegionDirectory regions, ProviderInterfaces interfaces)
{
    public static string? RegionOf(Credential credential) => credential.Spec.Region is { Length: > 0 } region ? region : null;

    /// <summary>The condition IdentityInRegion; null for a Credential without a region.</summary>
    public async Task<Condition?> EnsureAsync(Credential credential, CredentialFacts facts, ReconcileRequest request, CancellationToken ct)
    {
        var use = request.Grain.Part(() => new RegionUse(connections, watching: false));
        if (RegionOf(credential) is not { } region)
        {
            await use.LeaveAsync();
            return null;
        }
        var before = credential.Status?.Conditions?.Find(condition => condition.Type == CredentialConditions.IdentityInRegion);
        using var visit = await regions.VisitAsync(await use.OfAsync(region), ct);
        if (visit is not { Session: { } session, View.IsPaused: false })
            return Lost(visit.View, before);
        try
        {
            return await CopyAsync(credential, facts, session.Host, request.Ownership, ct);
        }
        catch (KubeApiException e) when (e.Code is 0 or >= 500)
        {
            return Lost(visit.View with { State = RegionState.Away, Problem = e.Message }, before);
        }
    }

    /// <summary>Null when nothing is left; else what holds it: the copies would stay behind in a region that cannot be asked.</summary>
    public async Task<Condition?> ReleaseAsync(Credential credential, ReconcileRequest request, CancellationToken ct)
    {
        if (RegionOf(credential) is not { } region || MayLeaveBehind(credential))
            return null;
        var use = request.Grain.Part(() => new RegionUse(connections, watching: false));
        using var visit = await regions.VisitAsync(await use.OfAsync(region), ct);
        if (visit.View.State == RegionState.NotFound)
            return null;
        if (visit is not { Session: { } session, View.IsPaused: false })
            return Condition.Unknown(
                CredentialConditions.IdentityInRegion, CredentialConditions.RegionUnavailable, $"its copies are to be removed: {(visit.View.IsUsable ? visit.View.PauseText : visit.View.Text)}");
        List<ResourceKind> kinds = [CoreKinds.Secrets, CoreKinds.ConfigMaps];
        if (await KindAsync(session.Host.Client, credential, ct) is { } kind && !kinds.Contains(kind))
            kinds.Add(kind);
        var label = CredentialLabel.Of(credential.Metadata.Key);
        foreach (var place in kinds)
        {
            var left = await session.Host.Client.Dynamic(place).ListAsync(new() { LabelSelector = $"{label}=true" }, ct);
            foreach (var item in left.Items)
                await CopyWrites.TakeAsync(session.Host.Client, place, item.Key, item, IdentityCopyPlanner.Unwanted(item, credential.Metadata.Key), request.Ownership, ct);
        }
        return null;
    }

    private static bool MayLeaveBehind(Credential credential) =>
        credential.Metadata.Annotations?.GetValueOrDefault(FleetAnnotations.DeletionPolicy) is { } policy
        && (policy.Equals("Force", StringComparison.OrdinalIgnoreCase) || policy.Equals("Orphan", StringComparison.OrdinalIgnoreCase));

    private async Task<Condition> CopyAsync(Credential credential, CredentialFacts facts, CapiHost host, GrainOwnership ownership, CancellationToken ct)
    {
        if (await KindAsync(host.Client, credential, ct) is not { } kind)
            return False($"region {host.Region} has no kind {credential.Spec.IdentityRef.Kind} in {credential.Spec.IdentityRef.ApiVersion}: is the provider installed there?");
        List<(ResourceKind Kind, ObjectKey Key)> wanted = [(kind, facts.IdentityKey)];
        if (facts.Secret is { Exists: true } secret && secret.Key != facts.IdentityKey)
            wanted.Add((CoreKinds.Secrets, secret.Key));
        wanted.AddRange(await OthersAsync(credential, kind, facts, ct));
        foreach (var (place, key) in wanted)
        {
            var existing = await host.Client.Dynamic(place).GetAsync(key, ct);
            if (await management.Dynamic(place).GetAsync(key, ct) is { } source)
            {
                if (place.Namespaced)
                    await host.EnsureNamespaceAsync(key.Namespace, ownership, ct);
                var step = IdentityCopyPlanner.Wanted(new(place, source.Root, key, existing), credential.Metadata.Key);
                await CopyWrites.TakeAsync(host.Client, place, key, existing, step, ownership, ct);
            }
            else if (existing is null)
            {
                return False($"{place.Kind} {key} is neither in the management cluster nor in region {host.Region}");
            }
        }
        return Condition.True(CredentialConditions.IdentityInRegion, Reason.Succeeded, $"{string.Join(" and ", wanted.Select(item => $"{item.Kind.Kind} {item.Key}"))} {(wanted.Count == 1 ? "is" : "are")} in region {host.Region}");
    }

    /// <summary>ConfigMaps that the provider says its identities refer to; the Secret has been found already.</summary>
    private async Task<IReadOnlyList<(ResourceKind Kind, ObjectKey Key)>> OthersAsync(Credential credential, ResourceKind kind, CredentialFacts facts, CancellationToken ct)
    {
        var references = (await interfaces.ReferencesAsync(kind, ct)).Where(reference => reference is { Kind: "ConfigMap" }).ToList();
        if (references.Count == 0 || await management.Dynamic(kind).GetAsync(facts.IdentityKey, ct) is not { } identity)
            return [];
        var found = new List<(ResourceKind, ObjectKey)>();
        foreach (var reference in references)
            if (Text(identity, reference.NameFieldPath) is { } name)
                found.Add((CoreKinds.ConfigMaps, new(Text(identity, reference.NamespaceFieldPath) ?? (identity.Key.Namespace.Length > 0 ? identity.Key.Namespace : credential.Metadata.Namespace!), name)));
        return found;
    }

    private static string? Text(DynamicObject item, string? path) =>
        path is { Length: > 0 } && item.At(path.Split('.')) is System.Text.Json.Nodes.JsonValue value && value.TryGetValue<string>(out var text) && text.Length > 0 ? text : null;

    private static async Task<ResourceKind?> KindAsync(IKubernetesClient client, Credential credential, CancellationToken ct)
    {
        var reference = credential.Spec.IdentityRef;
        return string.IsNullOrEmpty(reference.ApiVersion) || string.IsNullOrEmpty(reference.Kind) || string.IsNullOrEmpty(reference.Name)
            ? null
            : await client.FindKindAsync(GroupVersionKind.Parse(reference.ApiVersion, reference.Kind), ct);
    }

    // What was there is there still; what was never brought is not.
    private static Condition Lost(RegionView view, Condition? before)
    {
        var text = view is { IsUsable: true, IsPaused: true } ? view.PauseText : view.Text;
        return before is { Status: ConditionStatus.True } || before?.Reason == CredentialConditions.RegionUnavailable
            ? Condition.Unknown(CredentialConditions.IdentityInRegion, CredentialConditions.RegionUnavailable, text)
            : Condition.False(CredentialConditions.IdentityInRegion, Reason.Progressing, text);
    }

    private static Condition False(string message) => Condition.False(CredentialConditions.IdentityInRegion, Reason.Failed, message);
}
