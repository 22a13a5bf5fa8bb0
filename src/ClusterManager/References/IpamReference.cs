using System.Text.Json;
using System.Text.Json.Nodes;
using Fleet.ClusterManager.Ipam;
using Fleet.Contracts;
using Fleet.Contracts.Conditions;
using Fleet.Contracts.Ipam;
using Fleet.Kubernetes.Objects;
using static Fleet.Contracts.Clusters.ClusterDeploymentConditions;

namespace Fleet.ClusterManager.References;

/// <summary>spec.ipamClaim: the addresses of the cluster's machines. Pure.</summary>
internal static class IpamReference
{
    /// <summary>The claim that the spec names or has made; null when it does neither.</summary>
    public static ObjectKey? KeyOf(ClusterDeployment cluster) => cluster.Spec.IpamClaim switch
    {
        // Upstream writes the name of the claim that it made beside the spec.
        { Spec: not null } => MadeFor(cluster.Metadata.Key),
        { Ref: { Length: > 0 } name } => cluster.Metadata.Key with { Name = name },
        _ => null,
    };

    public static ObjectKey MadeFor(ObjectKey cluster) => cluster with { Name = cluster.Name + "-ipam" };

    /// <summary>The spec of the claim to make; null when the spec of the cluster only names one.</summary>
    public static ClusterIpamClaimSpec? Wanted(ClusterDeployment cluster) => cluster.Spec.IpamClaim is { Spec: { } spec }
        ? spec with { Cluster = spec.Cluster ?? cluster.Metadata.Name, ClusterIpamRef = spec.ClusterIpamRef ?? MadeFor(cluster.Metadata.Key).Name }
        : null;

    public static bool IsOf(ClusterIpamClaim claim, ClusterDeployment cluster) =>
        claim.Metadata.OwnerReferences?.Exists(owner => owner.Uid == cluster.Metadata.Uid) == true;

    /// <summary>Neither made for the cluster nor left by one of its name that was orphaned.</summary>
    public static bool IsForeign(ClusterIpamClaim claim, ClusterDeployment cluster) =>
        !IsOf(claim, cluster) && (claim.Metadata.OwnerReferences is { Count: > 0 } || claim.Metadata.Labels?.ContainsKey(FleetLabels.Managed) != true);

    public static ResolvedReference Resolve(IpamFacts facts, ClusterDeployment cluster, bool isPreview)
    {
        var name = $"ClusterIPAMClaim {facts.Key}";
        var wanted = Wanted(cluster);
        ResolvedReference Lacking(Reason reason, string message) => ResolvedReference.Lacking(name, Condition.False(ClusterIpamClaimReady, reason, message));
        if (facts.Claim is not { } claim)
            return wanted is null ? Lacking(Reason.Failed, $"failed to fetch {name}: it does not exist")
                : isPreview ? new() { Name = name, Conditions = [], Values = Values([IpamPools.Data(IpamPools.KindOf(wanted.Provider) ?? default, facts.Key.Name, ready: true)]) }
                : Lacking(Reason.Progressing, $"{name} is being made");
        if (wanted is not null && IsForeign(claim, cluster))
            return Lacking(Reason.Failed, $"{name} is there already and was not made for this ClusterDeployment");
        if (claim.Spec.Cluster != cluster.Metadata.Name)
            return Lacking(Reason.Failed, $"ClusterIPAMClaim.Spec.Cluster {claim.Spec.Cluster} does not match ClusterDeployment.Name {cluster.Metadata.Name}");
        if (claim.Status?.Conditions is { Count: > 0 } problems)
            return Lacking(Reason.Failed, $"{name}: {string.Join("; ", problems.Select(problem => problem.Message))}");
        if (claim.Status?.Bound != true || facts.Ipam?.Status?.ProviderData is not { Count: > 0 } data)
            return Lacking(Reason.Progressing, $"{name} is not bound yet");
        return new()
        {
            Name = name,
            Conditions = [Condition.True(ClusterIpamClaimReady, Reason.Succeeded, $"{name} is bound")],
            Values = Values(data),
        };
    }

    private static JsonObject Values(IEnumerable<ClusterIpamProviderData> data)
    {
        var values = new JsonObject { ["ipamEnabled"] = true };
        foreach (var item in data.Where(item => item.Name is { Length: > 0 }))
            values[item.Name!] = JsonSerializer.SerializeToNode(item, ContractsJson.Default.ClusterIpamProviderData);
        return values;
    }
}
