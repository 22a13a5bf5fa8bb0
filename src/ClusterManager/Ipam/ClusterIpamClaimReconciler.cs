using Fleet.Control.Grains;
using System.Text.Json;
using System.Text.Json.Nodes;
using Fleet.ClusterManager.Admission.Manifests;
using Fleet.Contracts;
using Fleet.Contracts.Ipam;
using Fleet.Control.Kinds;
using Fleet.Control.Reconciling;
using Fleet.Control.Status;
using Fleet.Kubernetes.Resources;

namespace Fleet.ClusterManager.Ipam;

/// <summary>Gives every valid claim a ClusterIPAM of the same name, and says when its addresses are there. The claim's spec is left alone.</summary>
internal sealed class ClusterIpamClaimReconciler(IKubernetesClient client, IStatusWriter status) : IReconciler
{
    public async Task<Outcome> ReconcileAsync(ReconcileRequest request, CancellationToken ct)
    {
        if (await client.Resource(FleetKinds.ClusterIpamClaims).GetAsync(request.Key, ct) is not { } claim || claim.Metadata.IsBeingDeleted)
            return Outcome.Done;
        var problem = ProblemOf(claim);
        var ipam = problem is null ? await EnsureAsync(claim, request, ct) : null;
        var wanted = new ClusterIpamClaimStatus { Bound = ipam?.Status?.Phase == ClusterIpamStatus.Bound };
        await status.WriteAsync(StatusChange.Of(
            FleetKinds.ClusterIpamClaims, claim, wanted, ClusterIpamClaimConditionsFrom.All(claim, problem, ipam), ClusterIpamClaimConditionsFrom.Owned, request.Ownership));
        return problem is null ? Outcome.Done : Outcome.Stalled("InvalidClaim", problem);
    }

    // What admission refuses may have been written before there was admission.
    private static string? ProblemOf(ClusterIpamClaim claim)
    {
        var spec = (JsonObject)JsonSerializer.SerializeToNode(claim.Spec, ContractsJson.Default.ClusterIpamClaimSpec)!;
        var problems = new IpamClaimRule().Check(new(claim.Metadata.Name ?? "", spec, null)).Select(problem => $"{problem.Field}: {problem.Message}");
        return string.Join("; ", problems) is { Length: > 0 } text ? text : null;
    }

    private async Task<ClusterIpam?> EnsureAsync(ClusterIpamClaim claim, ReconcileRequest request, CancellationToken ct)
    {
        var seen = await client.Resource(FleetKinds.ClusterIpams).GetAsync(request.Key, ct);
        if (seen is not null && (seen.Spec.ClusterIpamClaimRef == claim.Metadata.Name || seen.Metadata.OwnerReferences is { Count: > 0 }))
            return seen.Spec.ClusterIpamClaimRef == claim.Metadata.Name ? seen : null;
        await client.Dynamic(FleetKinds.ClusterIpams.Kind).ApplyFencedAsync(
            new()
            {
                ["apiVersion"] = FleetKinds.ClusterIpams.Kind.ApiVersion,
                ["kind"] = FleetKinds.ClusterIpams.Kind.Kind,
                ["metadata"] = IpamObjects.Metadata(claim),
                ["spec"] = new JsonObject { ["provider"] = claim.Spec.Provider, ["clusterIPAMClaimRef"] = claim.Metadata.Name },
            },
            new(Clusters.OwnedObjects.FieldManager) { Force = true }, request.Ownership, ct);
        return await client.Resource(FleetKinds.ClusterIpams).GetAsync(request.Key, ct);
    }
}
