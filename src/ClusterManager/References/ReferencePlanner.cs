using System.Text.Json;
using System.Text.Json.Nodes;
using Fleet.ClusterManager.Clusters;
using Fleet.Contracts;
using Fleet.Contracts.Conditions;
using Fleet.Contracts.Ipam;
using static Fleet.Contracts.Clusters.ClusterDeploymentConditions;

namespace Fleet.ClusterManager.References;

/// <summary>From facts to what is to be made, written and removed. Pure.</summary>
internal static class ReferencePlanner
{
    public static ReferencePlan Plan(ClusterFacts facts, ResolvedReferences resolved)
    {
        var cluster = facts.Object;
        if (cluster.Spec.DryRun == true || facts.Pause is not null || facts.IsForeignRelease || facts.IsAway)
            return ReferencePlan.None;
        var seen = facts.References;
        List<ClusterDocument> wanted = [.. resolved.All.SelectMany(reference => reference.Documents)];
        return new()
        {
            Claim = ClaimOf(facts),
            MakeDatabase = seen.DataSource is { Source: not null, Database: null } && facts.Release is null or { IsUninstalled: true },
            ChangeDatabase = seen.DataSource is { Source: not null, Database: { Metadata.IsBeingDeleted: false } database } && MustChange(database, cluster) ? database : null,
            Write = [.. wanted.Where(document => !seen.Documents.Any(item => item.Kind == document.Kind && item.Place == document.Place && item.Text == document.Text))],
            Remove = [.. seen.Documents.Where(item => item.IsOurs && !IsNeeded(item, facts))],
            RemoveClaim = seen.LeftClaim,
        };
    }

    /// <summary>Conditions of what is not referred to any more and is still there: by them the next round knows to look for it.</summary>
    public static IEnumerable<Condition> Leftovers(ClusterFacts facts, bool areRemoved)
    {
        if (areRemoved)
            yield break;
        var left = facts.References.Documents.Where(item => item.IsOurs && !IsNeeded(item, facts)).ToList();
        if (left.Find(item => item.Place == DocumentPlaces.Authentication(facts.Key)) is { } authentication)
            yield return Left(ClusterAuthenticationReady, $"Secret {authentication.Place}");
        if (left.Find(item => item.Place == DocumentPlaces.AuditPolicy(facts.Key)) is { } policy)
            yield return Left(ClusterAuditPolicyReady, $"ConfigMap and Secret {policy.Place}");
        if (facts.References.LeftClaim is { } claim)
            yield return Left(ClusterIpamClaimReady, $"ClusterIPAMClaim {claim.Metadata.Key}");
    }

    private static Condition Left(ConditionType type, string what) =>
        Condition.True(type, Reason.Succeeded, $"nothing is referred to any more; {what} stays until the Helm release is without it");

    // What a reference that lacks something would need is needed: nothing is torn down because something is not there.
    private static bool IsNeeded(PresentDocument item, ClusterFacts facts) =>
        item.Place == DocumentPlaces.Authentication(facts.Key)
            ? facts.References.Authentication is { } authentication && (authentication.Spec is null || authentication.Spec["authenticationConfiguration"] is JsonObject)
            : facts.References.AuditPolicy is not null;

    private static ClusterIpamClaimSpec? ClaimOf(ClusterFacts facts)
    {
        if (IpamReference.Wanted(facts.Object) is not { } wanted || facts.References.Ipam is not { } seen)
            return null;
        if (seen.Claim is not { } claim)
            return wanted;
        if (claim.Metadata.IsBeingDeleted || IpamReference.IsForeign(claim, facts.Object))
            return null;
        return IpamReference.IsOf(claim, facts.Object) && JsonNode.DeepEquals(Json(claim.Spec), Json(wanted)) ? null : wanted;
    }

    private static JsonNode? Json(ClusterIpamClaimSpec spec) => JsonSerializer.SerializeToNode(spec, ContractsJson.Default.ClusterIpamClaimSpec);

    // One that nobody owns was orphaned with its cluster when Fleet made it; somebody else's is used, and stays theirs.
    private static bool MustChange(ClusterDataSource database, ClusterDeployment cluster) =>
        !DataSourceReference.IsForeign(database, cluster)
        && (database.Spec.DataSource != cluster.Spec.DataSource
            || (database.Metadata.OwnerReferences is null or { Count: 0 } && database.Metadata.Labels?.ContainsKey(FleetLabels.Managed) == true));
}
