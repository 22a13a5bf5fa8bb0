using Fleet.ClusterManager.Credentials;
using Fleet.Contracts.Conditions;

namespace Fleet.ClusterManager.Tests.Credentials;

public class CredentialConditionsTests
{
    private static CredentialFacts Facts(IdentityState state, SecretShape? secret = null) => new()
    {
        Object = new() { Spec = new() { IdentityRef = new() { ApiVersion = "infrastructure.cluster.x-k8s.io/v1beta2", Kind = "AWSClusterStaticIdentity", Name = "id" } } },
        Identity = state,
        IdentityKey = new("", "id"),
        Secret = secret,
        NeededKeys = ["AccessKeyID", "SecretAccessKey"],
    };

    private static SecretShape Secret(params string[] keys) => new(new("kcm-system", "aws"), true, keys.ToHashSet());

    private static Condition Of(CredentialFacts facts) => CredentialConditionsFrom.Facts(facts);

    [Fact]
    public void An_identity_with_all_keys_is_ready() =>
        Assert.Equal(ConditionStatus.True, Of(Facts(IdentityState.Found, Secret("AccessKeyID", "SecretAccessKey"))).Status);

    [Fact]
    public void An_identity_that_needs_no_secret_is_ready() => Assert.Equal(ConditionStatus.True, Of(Facts(IdentityState.Found)).Status);

    [Fact]
    public void Missing_keys_are_named() =>
        Assert.Equal("Secret kcm-system/aws: key SecretAccessKey is missing or empty", Of(Facts(IdentityState.Found, Secret("AccessKeyID"))).Message);

    [Fact]
    public void A_missing_secret_is_named() =>
        Assert.Equal(
            "Secret kcm-system/aws of AWSClusterStaticIdentity id not found",
            Of(Facts(IdentityState.Found, SecretShape.Missing(new("kcm-system", "aws")))).Message);

    [Fact]
    public void A_missing_identity_is_told_in_upstreams_words() =>
        Assert.Equal("ClusterIdentity object of Kind=AWSClusterStaticIdentity id not found", Of(Facts(IdentityState.NotFound)).Message);

    [Fact]
    public void A_kind_that_is_not_installed_is_told() =>
        Assert.Contains("is the provider installed?", Of(Facts(IdentityState.KindUnknown)).Message, StringComparison.Ordinal);
}
