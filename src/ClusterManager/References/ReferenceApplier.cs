using Fleet.Control.Grains;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Fleet.ClusterManager.Capi;
using Fleet.ClusterManager.Clusters;
using Fleet.ClusterManager.DataSources;
using Fleet.ClusterManager.Regions;
using Fleet.Contracts;
using Fleet.Contracts.Ipam;
using Fleet.Control.Kinds;
using Fleet.Control.Queueing;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Resources;

namespace Fleet.ClusterManager.References;

/// <summary>Makes, writes and removes what the references of a ClusterDeployment need. Every step may be repeated.</summary>
internal sealed class ReferenceApplier(IKubernetesClient client, IJitterSource chance)
{
    private static readonly ApplyOptions Apply = new(OwnedObjects.FieldManager) { Force = true };

    /// <summary>What the cluster has to wait for.</summary>
    public async Task PrepareAsync(ClusterFacts facts, ReferencePlan plan, ClusterTurn turn, CancellationToken ct)
    {
        if (plan.Claim is { } claim)
            await ApplyClaimAsync(facts.Object, claim, turn, ct);
        if (plan.MakeDatabase)
            await MakeDatabaseAsync(facts.Object, turn, ct);
        if (plan.ChangeDatabase is { } database)
            await ChangeDatabaseAsync(facts.Object, database, turn, ct);
    }

    /// <summary>In a region also what others have made for the cluster at home.</summary>
    public async Task WriteAsync(ClusterFacts facts, ReferencePlan plan, ClusterTurn turn, CancellationToken ct)
    {
        if (plan.Write.Count > 0)
            await turn.Host.EnsureNamespaceAsync(facts.Key.Namespace, turn.Ownership, ct);
        await RegionalCopies.EnsureAsync(client, turn.Host, facts.Object, SecretsOfDatabase(facts), turn.Ownership, ct);
        foreach (var document in plan.Write)
        {
            var isSecret = document.Kind == CoreKinds.Secrets;
            await turn.Host.Client.Dynamic(document.Kind).ApplyFencedAsync(
                new()
                {
                    ["apiVersion"] = document.Kind.ApiVersion,
                    ["kind"] = document.Kind.Kind,
                    ["metadata"] = Metadata(facts, document, turn.Host),
                    ["data"] = new JsonObject { [document.DataKey] = isSecret ? Convert.ToBase64String(Encoding.UTF8.GetBytes(document.Text)) : document.Text },
                },
                Apply, turn.Ownership, ct);
        }
    }

    // In a region there is no owner, and what an owner that is not there owns is collected at once: the deletion of the cluster finds it by its label.
    private static JsonObject Metadata(ClusterFacts facts, ClusterDocument document, CapiHost host)
    {
        var metadata = OwnedObjects.Metadata(facts.Object, document.Place.Name, (FleetLabels.Component, "kcm"), ("cluster.x-k8s.io/cluster-name", facts.Key.Name));
        if (host.Region is null)
            return metadata;
        metadata.Remove("ownerReferences");
        metadata["labels"]![FleetLabels.CopyFor] = facts.Object.Metadata.Uid;
        return metadata;
    }

    private static IEnumerable<(ResourceKind Kind, ObjectKey Key)> SecretsOfDatabase(ClusterFacts facts) =>
        facts.References.DataSource?.Database?.Status is { } database
            ? ((string?[])[database.KineDataSourceSecret, database.CaSecret]).OfType<string>().Where(name => name.Length > 0).Select(name => (CoreKinds.Secrets, facts.Key with { Name = name }))
            : [];

    public async Task<bool> RemoveAsync(ReferencePlan plan, ClusterTurn turn, CancellationToken ct)
    {
        foreach (var item in plan.Remove)
            await turn.Host.Client.Dynamic(item.Kind).DeleteFencedAsync(item.Place, item.Uid, DeleteOptions.Background, turn.Ownership, ct);
        if (plan.RemoveClaim is { } claim)
            await client.Resource(FleetKinds.ClusterIpamClaims).DeleteFencedAsync(claim.Metadata.Key, claim.Metadata.Uid, DeleteOptions.Background, turn.Ownership, ct);
        return true;
    }

    /// <summary>The cluster stays and its object goes: what it needs must not go with it.</summary>
    public async Task DetachAsync(ClusterDeployment cluster, CapiHost host, GrainOwnership ownership, CancellationToken ct)
    {
        var key = cluster.Metadata.Key;
        List<(IKubernetesClient Client, ResourceKind Kind, ObjectKey Place)> all =
        [
            .. DocumentPlaces.OfAuthentication(key).Concat(DocumentPlaces.OfAuditPolicy(key)).Select(place => (host.Client, place.Kind, place.Place)),
            (client, FleetKinds.ClusterDataSources.Kind, key),
            (client, FleetKinds.ClusterIpamClaims.Kind, IpamReference.MadeFor(key)),
        ];
        foreach (var (where, kind, place) in all)
            if (await where.Dynamic(kind).GetAsync(place, ct) is { } found && found.Metadata.OwnerReferences?.Exists(owner => owner.Uid == cluster.Metadata.Uid) == true)
            {
                await ownership.ProveAsync(ct);
                await where.Dynamic(kind).PatchAsync(
                    place,
                    Patch.Merge(new()
                    {
                        ["metadata"] = new JsonObject
                        {
                            ["uid"] = found.Metadata.Uid,
                            ["resourceVersion"] = found.Metadata.ResourceVersion,
                            ["ownerReferences"] = new JsonArray([.. (found.At("metadata", "ownerReferences") as JsonArray ?? [])
                                .Where(owner => (string?)owner?["uid"] != cluster.Metadata.Uid).Select(owner => owner?.DeepClone())]),
                        },
                    }),
                    new() { FieldManager = OwnedObjects.FieldManager }, ct);
            }
    }

    private async Task ApplyClaimAsync(ClusterDeployment cluster, ClusterIpamClaimSpec claim, ClusterTurn turn, CancellationToken ct)
    {
        var kind = FleetKinds.ClusterIpamClaims.Kind;
        await client.Dynamic(kind).ApplyFencedAsync(
            new()
            {
                ["apiVersion"] = kind.ApiVersion,
                ["kind"] = kind.Kind,
                ["metadata"] = OwnedObjects.Metadata(cluster, IpamReference.MadeFor(cluster.Metadata.Key).Name, (FleetLabels.Component, "kcm")),
                ["spec"] = JsonSerializer.SerializeToNode(claim, ContractsJson.Default.ClusterIpamClaimSpec),
            },
            Apply, turn.Ownership, ct);
    }

    private async Task MakeDatabaseAsync(ClusterDeployment cluster, ClusterTurn turn, CancellationToken ct)
    {
        var kind = FleetKinds.ClusterDataSources.Kind;
        var metadata = OwnedObjects.Metadata(cluster, cluster.Metadata.Key.Name, (FleetLabels.Component, "kcm"));
        metadata["finalizers"] = new JsonArray(FleetFinalizers.ClusterDataSource);
        turn.Ownership.EnsureCurrent();
        try
        {
            await client.Dynamic(kind).CreateAsync(
                new(new JsonObject
                {
                    ["apiVersion"] = kind.ApiVersion,
                    ["kind"] = kind.Kind,
                    ["metadata"] = metadata,
                    ["spec"] = new JsonObject { ["schema"] = DatabaseNames.SchemaOf(cluster.Metadata.Key, chance), ["dataSource"] = cluster.Spec.DataSource },
                }),
                ct);
        }
        catch (KubeApiException e) when (e.IsAlreadyExists)
        {
            // Its name was drawn by an earlier round, and is the one that counts.
        }
    }

    private async Task ChangeDatabaseAsync(ClusterDeployment cluster, ClusterDataSource database, ClusterTurn turn, CancellationToken ct)
    {
        var metadata = new JsonObject { ["uid"] = database.Metadata.Uid, ["resourceVersion"] = database.Metadata.ResourceVersion };
        if (database.Metadata.OwnerReferences is null or { Count: 0 } && database.Metadata.Labels?.ContainsKey(FleetLabels.Managed) == true)
            metadata["ownerReferences"] = OwnedObjects.Metadata(cluster, database.Metadata.Key.Name)["ownerReferences"]!.DeepClone();
        turn.Ownership.EnsureCurrent();
        await client.Dynamic(FleetKinds.ClusterDataSources.Kind).PatchAsync(
            database.Metadata.Key,
            Patch.Merge(new() { ["metadata"] = metadata, ["spec"] = new JsonObject { ["dataSource"] = cluster.Spec.DataSource } }),
            new() { FieldManager = OwnedObjects.FieldManager }, ct);
    }
}
