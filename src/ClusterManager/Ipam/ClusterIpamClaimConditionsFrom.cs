using Fleet.Contracts.Conditions;
using Fleet.Contracts.Ipam;

namespace Fleet.ClusterManager.Ipam;

/// <summary>Conditions of a claim, present only while something is wrong, as upstream's. Pure.</summary>
internal static class ClusterIpamClaimConditionsFrom
{
    public static IReadOnlySet<ConditionType> Owned { get; } = new HashSet<ConditionType> { ClusterIpamClaimConditions.InvalidClaim, ClusterIpamClaimConditions.ProviderError };

    public static IReadOnlyList<Condition> All(ClusterIpamClaim claim, string? problem, ClusterIpam? ipam)
    {
        var condition = problem is not null
            ? Condition.True(ClusterIpamClaimConditions.InvalidClaim, Reason.Failed, $"ClusterIPAMClaim contains invalid IP or CIDR notation: {problem}")
            : ipam is null
                ? Condition.True(ClusterIpamClaimConditions.ProviderError, Reason.Failed, $"ClusterIPAM {claim.Metadata.Key} exists and is not this claim's")
                : ipam.Status?.Error is { Length: > 0 } error
                    ? Condition.True(ClusterIpamClaimConditions.ProviderError, Reason.Failed, $"ClusterIPAMClaim provider processing failed: {error}")
                    : null;
        return condition is null ? [] : [condition with { ObservedGeneration = claim.Metadata.Generation }];
    }
}
