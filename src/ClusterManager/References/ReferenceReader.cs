using System.Text.Json;
using System.Text.Json.Nodes;
using Fleet.ClusterManager.Capi;
using Fleet.ClusterManager.Clusters;
using Fleet.Contracts;
using Fleet.Contracts.Conditions;
using Fleet.Control.Kinds;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Resources;
using static Fleet.Contracts.Clusters.ClusterDeploymentConditions;

namespace Fleet.ClusterManager.References;

/// <summary>Reads what a ClusterDeployment refers to, and what Fleet has made of it. A cluster that refers to nothing costs nothing.</summary>
internal sealed class ReferenceReader(IKubernetesClient client, SecretValues secrets)
{
    public async Task<ReferenceFacts> ReadAsync(ClusterDeployment cluster, CapiHost? host, CancellationToken ct)
    {
        var (key, spec) = (cluster.Metadata.Key, cluster.Spec);
        // A condition stays until what belonged to it is gone.
        var before = new ConditionSet(cluster.Status?.Conditions ?? []);
        List<(ResourceKind Kind, ObjectKey Place, string Key)> places = [];
        if (spec.ClusterAuth is { Length: > 0 } || before.Find(ClusterAuthenticationReady) is not null)
            places.AddRange(DocumentPlaces.OfAuthentication(key));
        if (spec.AuditPolicy is { Length: > 0 } || before.Find(ClusterAuditPolicyReady) is not null)
            places.AddRange(DocumentPlaces.OfAuditPolicy(key));
        var documents = new List<PresentDocument>();
        // What lies in a region that is away is not known.
        foreach (var place in host is null ? [] : places)
            if (await host!.Client.Dynamic(place.Kind).GetAsync(place.Place, ct) is { } found)
                documents.Add(Present(found, place.Kind, place.Key, cluster));
        return new()
        {
            Authentication = spec.ClusterAuth is { Length: > 0 } authentication ? await AuthenticationAsync(key with { Name = authentication }, ct) : null,
            AuditPolicy = spec.AuditPolicy is { Length: > 0 } policy ? await AuditPolicyAsync(key with { Name = policy }, ct) : null,
            DataSource = spec.DataSource is { Length: > 0 } source ? await DataSourceAsync(key with { Name = source }, key, ct) : null,
            Ipam = IpamReference.KeyOf(cluster) is { } claim ? await IpamAsync(claim, ct) : null,
            LeftDatabase = spec.DataSource is not { Length: > 0 } && before.Find(ClusterDataSourceReady) is not null
                ? await client.Resource(FleetKinds.ClusterDataSources).GetAsync(key, ct)
                : null,
            Documents = documents,
            LeftClaim = before.Find(ClusterIpamClaimReady) is not null && IpamReference.Wanted(cluster) is null ? await LeftClaimAsync(cluster, ct) : null,
        };
    }

    private async Task<AuthenticationFacts> AuthenticationAsync(ObjectKey key, CancellationToken ct)
    {
        var facts = new AuthenticationFacts(key);
        if (await client.Dynamic(FleetKinds.ClusterAuthentications.Kind).GetAsync(key, ct) is not { } found)
            return facts;
        facts = facts with { Spec = found.Root["spec"] as JsonObject ?? [] };
        if (facts.Spec["caSecret"]?.Deserialize(ContractsJson.Default.SecretKeyReference) is not { Name: { Length: > 0 } } reference)
            return facts;
        var (authority, problem) = await secrets.ReadCertificatesAsync(reference, key.Namespace, ct);
        return facts with { Authority = authority, AuthorityProblem = problem is null ? null : $"failed to get ClusterAuthentication CA: {problem}" };
    }

    private async Task<AuditPolicyFacts> AuditPolicyAsync(ObjectKey key, CancellationToken ct) => new(key)
    {
        Spec = await client.Dynamic(FleetKinds.ClusterAuditPolicies.Kind).GetAsync(key, ct) is { } found ? found.Root["spec"] as JsonObject ?? [] : null,
    };

    private async Task<DataSourceFacts> DataSourceAsync(ObjectKey key, ObjectKey cluster, CancellationToken ct) => new(key)
    {
        Source = await client.Resource(FleetKinds.DataSources).GetAsync(key, ct),
        Database = await client.Resource(FleetKinds.ClusterDataSources).GetAsync(cluster, ct),
    };

    private async Task<IpamFacts> IpamAsync(ObjectKey key, CancellationToken ct)
    {
        var claim = await client.Resource(FleetKinds.ClusterIpamClaims).GetAsync(key, ct);
        if (claim is null)
            return new(key);
        var ipam = key with { Name = claim.Spec.ClusterIpamRef is { Length: > 0 } named ? named : key.Name };
        return new(key) { Claim = claim, Ipam = await client.Resource(FleetKinds.ClusterIpams).GetAsync(ipam, ct) };
    }

    private async Task<ClusterIpamClaim?> LeftClaimAsync(ClusterDeployment cluster, CancellationToken ct) =>
        await client.Resource(FleetKinds.ClusterIpamClaims).GetAsync(IpamReference.MadeFor(cluster.Metadata.Key), ct) is { } found
            && IpamReference.IsOf(found, cluster) && IpamReference.KeyOf(cluster) != found.Metadata.Key
            ? found
            : null;

    private static PresentDocument Present(DynamicObject item, ResourceKind kind, string dataKey, ClusterDeployment cluster)
    {
        var text = kind == CoreKinds.Secrets ? SecretValues.TextOf(item, dataKey) : item.At("data", dataKey)?.ToString();
        return new(kind, item.Key, item.Metadata.Uid, text, IsOurs(item.Metadata, cluster));
    }

    // Upstream's belong to the CAPI Cluster.
    private static bool IsOurs(ObjectMeta item, ClusterDeployment cluster) =>
        !OwnedObjects.IsOfAnother(item, cluster)
        && (item.Labels?.ContainsKey(FleetLabels.Managed) == true
            || item.OwnerReferences?.Exists(owner => owner.Uid == cluster.Metadata.Uid || (owner.Kind == "Cluster" && owner.Name == cluster.Metadata.Name)) == true);
}
