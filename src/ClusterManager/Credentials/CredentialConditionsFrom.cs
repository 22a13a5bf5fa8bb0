using Fleet.Contracts.Conditions;
using Fleet.Contracts.Credentials;

namespace Fleet.ClusterManager.Credentials;

/// <summary>Whether a Credential can be used, and why not. Pure. Messages name objects and keys, never values.</summary>
internal static class CredentialConditionsFrom
{
    public static IReadOnlySet<ConditionType> Owned { get; } = new HashSet<ConditionType> { CredentialConditions.CredentialReady };

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
        var missing = facts.NeededKeys.Where(key => !secret.FilledKeys.Contains(key)).ToList();
        return missing.Count == 0
            ? Ready
            : False(CredentialConditions.IdentityIncomplete, $"Secret {secret.Key}: {Keys(missing)} missing or empty");
    }

    private static Condition Ready => Condition.True(CredentialConditions.CredentialReady, Reason.Succeeded, "Credential is ready");

    private static Condition False(Reason reason, string message) => Condition.False(CredentialConditions.CredentialReady, reason, message);

    private static string Keys(List<string> keys) => keys.Count == 1 ? $"key {keys[0]} is" : $"keys {string.Join(", ", keys)} are";
}
