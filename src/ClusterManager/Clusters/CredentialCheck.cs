using Fleet.ClusterManager.Credentials;
using Fleet.Contracts.Conditions;
using Fleet.Contracts.Credentials;

namespace Fleet.ClusterManager.Clusters;

/// <summary>Whether the credential of a ClusterDeployment is good for its template's providers. Pure.</summary>
internal static class CredentialCheck
{
    /// <summary>Null when all is well.</summary>
    public static string? Problem(ClusterFacts facts)
    {
        var infrastructure = facts.Providers.FirstOrDefault(facts.IdentityKinds.ContainsKey);
        if (facts.Object.Spec.Credential is not { Length: > 0 } name)
            return infrastructure is null ? null : $"spec.credential is needed for {infrastructure}";
        if (facts.Credential is not { } credential)
            return $"failed to get Credential {facts.Key.Namespace}/{name}: it does not exist";
        // It goes with its last user: nothing new is made with it.
        if (credential.Metadata.IsBeingDeleted && facts.Release is null)
            return $"the Credential {name} is being deleted";
        if (facts.RegionConflict is { } conflict)
            return conflict;
        var kind = credential.Spec.IdentityRef.Kind;
        if (infrastructure is not null && !facts.IdentityKinds[infrastructure].Contains(kind))
            return $"provider {infrastructure} does not support ClusterIdentity Kind {kind} from the Credential {name}";
        if (credential.Status?.Ready != true)
            return $"the Credential {name} is not ready: {WhyNot(credential)}";
        if (facts.Region is not null && InRegion(credential) is { Status: not ConditionStatus.True } copy)
            return $"the Credential {name} is not ready: {copy.Message}";
        return infrastructure is null ? null : MissingKeys(facts, infrastructure);
    }

    /// <summary>Nobody has looked at it yet, so nothing is wrong with it either.</summary>
    public static bool IsUnchecked(ClusterFacts facts) => facts.Credential is { Metadata.IsBeingDeleted: false } credential && Ready(credential) is not { Status: not ConditionStatus.Unknown };

    private static string WhyNot(Credential credential) => Ready(credential) is { Status: ConditionStatus.False } condition ? condition.Message : "it has not been checked yet";

    private static Condition? Ready(Credential credential) => credential.Status?.Conditions?.Find(condition => condition.Type == CredentialConditions.CredentialReady);

    // A region that is away for a moment takes nothing from clusters that have their identity there.
    private static Condition? InRegion(Credential credential)
    {
        var condition = credential.Status?.Conditions?.Find(condition => condition.Type == CredentialConditions.IdentityInRegion);
        return condition is null ? Condition.Unknown(CredentialConditions.IdentityInRegion, Reason.Progressing, "its identity is not in the region yet")
            : condition.Reason == CredentialConditions.RegionUnavailable ? null
            : condition;
    }

    // Only here is known for which provider a plain Secret is meant.
    private static string? MissingKeys(ClusterFacts facts, string infrastructure)
    {
        if (facts.IdentitySecret is not { } secret)
            return null;
        if (!secret.Exists)
            return $"Secret {secret.Key} not found";
        // Azure's Secrets differ between machines and managed control planes: one complete form is enough.
        var isOfMachines = infrastructure == "infrastructure-azure" && secret.FilledKeys.Contains("clientSecret");
        return secret.Problem(isOfMachines ? [] : IdentityRequirements.SecretKeysOf(infrastructure)) is { } problem ? $"{problem}, needed for {infrastructure}" : null;
    }
}
