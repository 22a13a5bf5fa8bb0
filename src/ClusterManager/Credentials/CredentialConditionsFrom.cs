using Fleet.Contracts.Conditions;
using Fleet.Contracts.Credentials;

namespace Fleet.ClusterManager.Credentials;

/// <summary>Whether a Credential can be used, and why not. Pure. Messages name objects and keys, never values.</summary>
internal static class CredentialConditionsFrom
{
    public static IReadOnlySet<ConditionType> Owned { get; } = new HashSet<ConditionType>
    {
        CredentialConditions.CredentialReady, CredentialConditions.IdentityVerified, CredentialConditions.IdentityInRegion,
    };

    public static IReadOnlyList<Condition> All(CredentialFacts facts)
    {
        List<Condition> conditions = [ReadyOf(facts)];
        if (Verified(facts) is { } verified)
            conditions.Add(verified);
        if (facts.InRegion is { } inRegion)
            conditions.Add(inRegion);
        return [.. conditions.Select(condition => condition with { ObservedGeneration = facts.Object.Metadata.Generation })];
    }

    // An identity that is only in the region is as good; one that cannot get there is not.
    private static Condition ReadyOf(CredentialFacts facts)
    {
        var here = Facts(facts);
        if (facts.InRegion is not { } inRegion)
            return here;
        var isOnlyThere = facts.Identity is IdentityState.NotFound or IdentityState.KindUnknown && inRegion.Status == ConditionStatus.True;
        if (isOnlyThere)
            return Ready;
        return here.Status == ConditionStatus.True && inRegion.Status == ConditionStatus.False ? False(inRegion.Reason, inRegion.Message) : here;
    }

    public static Condition Facts(CredentialFacts facts)
    {
        var reference = facts.Object.Spec.IdentityRef;
        return facts.Identity switch
        {
            IdentityState.Invalid => False(CredentialConditions.IdentityUnreadable, "spec.identityRef needs apiVersion, kind and name"),
            IdentityState.KindUnknown => False(
                CredentialConditions.IdentityNotFound,
                $"the management cluster has no kind {reference.Kind} in {reference.ApiVersion}: is the provider installed?"),
            IdentityState.NotFound => False(
                CredentialConditions.IdentityNotFound, $"ClusterIdentity object of Kind={reference.Kind} {facts.IdentityKey} not found"),
            _ => OfSecret(facts),
        };
    }

    private static Condition OfSecret(CredentialFacts facts)
    {
        if (facts.Secret is not { } secret)
            return Ready;
        if (!secret.Exists)
            return False(CredentialConditions.IdentityIncomplete, $"Secret {secret.Key} of {facts.Object.Spec.IdentityRef.Kind} {facts.IdentityKey} not found");
        if (secret.Problem(facts.NeededKeys) is { } problem)
            return False(CredentialConditions.IdentityIncomplete, problem);
        return facts.Answer is { Refused: true } answer
            ? False(CredentialConditions.IdentityRefused, $"kubeconfig in Secret {secret.Key}: {answer.Problem}")
            : Ready;
    }

    /// <summary>Only who can be asked is asked: API servers of kubeconfigs. That one does not answer says nothing of the credential.</summary>
    private static Condition? Verified(CredentialFacts facts) => facts.Answer switch
    {
        null => null,
        { Answered: true } answer => Condition.True(CredentialConditions.IdentityVerified, Reason.Succeeded, $"the API server answers ({answer.Version})"),
        { Refused: true } answer => Condition.False(CredentialConditions.IdentityVerified, CredentialConditions.IdentityRefused, answer.Problem!),
        var answer => Condition.Unknown(CredentialConditions.IdentityVerified, Reason.Unknown, $"the API server could not be asked: {answer.Problem}"),
    };

    private static Condition Ready => Condition.True(CredentialConditions.CredentialReady, Reason.Succeeded, "Credential is ready");

    private static Condition False(Reason reason, string message) => Condition.False(CredentialConditions.CredentialReady, reason, message);
}
