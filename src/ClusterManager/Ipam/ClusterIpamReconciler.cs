using Fleet.Control.Grains;
using System.Text.Json.Nodes;
using Fleet.Contracts.Conditions;
using Fleet.Contracts.Ipam;
using Fleet.Control.Kinds;
using Fleet.Control.Reconciling;
using Fleet.Control.Status;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Resources;

namespace Fleet.ClusterManager.Ipam;

/// <summary>Asks the provider of a ClusterIPAM for the pool that its claim wants, and says whether it can be used.</summary>
internal sealed class ClusterIpamReconciler(IKubernetesClient client, IStatusWriter status) : IReconciler
{
    /// <summary>Changes of pools are watched; this is for a provider that is installed later.</summary>
    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(30);

    private static readonly HashSet<ConditionType> NoConditions = [];

    public async Task<Outcome> ReconcileAsync(ReconcileRequest request, CancellationToken ct)
    {
        if (await client.Resource(FleetKinds.ClusterIpams).GetAsync(request.Key, ct) is not { } ipam || ipam.Metadata.IsBeingDeleted)
            return Outcome.Done;
        var (data, problem) = await BindAsync(ipam, request, ct);
        var bound = data?.Ready == true;
        await status.WriteAsync(StatusChange.Of(
            FleetKinds.ClusterIpams, ipam,
            new ClusterIpamStatus
            {
                Phase = bound ? ClusterIpamStatus.Bound : ClusterIpamStatus.Pending,
                ProviderData = data is null ? null : [data],
                Error = problem,
            },
            [], NoConditions, request.Ownership));
        return bound ? Outcome.Done : Outcome.Waiting(problem is null ? "IPPool" : "IPAMProvider", LookAgain);
    }

    private async Task<(ClusterIpamProviderData? Data, string? Problem)> BindAsync(ClusterIpam ipam, ReconcileRequest request, CancellationToken ct)
    {
        var key = request.Key with { Name = ipam.Spec.ClusterIpamClaimRef ?? "" };
        if (await client.Resource(FleetKinds.ClusterIpamClaims).GetAsync(key, ct) is not { } claim)
            return (null, $"ClusterIPAMClaim {key} not found");
        if (IpamPools.Missing(claim.Spec) is { } missing)
            return (null, missing);
        var wanted = IpamPools.KindOf(claim.Spec.Provider)!.Value;
        var missingKind = $"the management cluster has no kind {wanted.Kind} in {wanted.Group}/{wanted.Version}: is the provider {claim.Spec.Provider} installed?";
        if (await client.FindKindAsync(wanted, ct) is not { } kind)
            return (null, missingKind);
        var pool = await client.Dynamic(kind).GetAsync(key, ct);
        if (pool is not null && pool.Metadata.OwnerReferences?.Exists(owner => owner.Uid == claim.Metadata.Uid) != true)
            return (null, $"{kind.Kind} {key} exists and is not this claim's");
        var spec = IpamPools.Spec(claim.Spec);
        if (pool is null || !JsonNode.DeepEquals(pool.At("spec"), spec))
        {
            try
            {
                pool = await ApplyAsync(kind, claim, spec, request.Ownership, ct);
            }
            catch (KubeApiException e) when (e.IsNotFound)
            {
                // The provider was taken away a moment ago.
                return (null, missingKind);
            }
            catch (KubeApiException e) when (e.IsInvalid || e.IsForbidden || e.Code == 400)
            {
                // The provider's own rules; only another claim, or another pool elsewhere, helps.
                return (null, e.Message);
            }
        }
        return (IpamPools.Data(wanted, key.Name, IpamPools.IsReady(claim.Spec.Provider, pool.Root)), null);
    }

    private Task<DynamicObject> ApplyAsync(ResourceKind kind, ClusterIpamClaim claim, JsonObject spec, GrainOwnership ownership, CancellationToken ct) => client.Dynamic(kind).ApplyFencedAsync(
        new()
        {
            ["apiVersion"] = kind.ApiVersion,
            ["kind"] = kind.Kind,
            ["metadata"] = IpamObjects.Metadata(claim),
            ["spec"] = spec,
        },
        new(Clusters.OwnedObjects.FieldManager) { Force = true }, ownership, ct);
}
