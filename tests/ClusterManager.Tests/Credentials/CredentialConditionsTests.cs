using Fleet.ClusterManager.Credentials;
using Fleet.Contracts.Conditions;
using Fleet.Contracts.Credentials;

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

    [Fact]
    public void A_value_that_no_provider_takes_is_named_but_not_shown() =>
        Assert.Equal(
            "Secret kcm-system/aws: key SecretAccessKey has white space in it",
            Of(Facts(IdentityState.Found, Secret("AccessKeyID", "SecretAccessKey") with { Problems = new Dictionary<string, string> { ["SecretAccessKey"] = "has white space in it" } })).Message);

    [Fact]
    public void A_kubeconfig_that_its_server_refuses_makes_no_cluster()
    {
        var facts = Facts(IdentityState.Found, Secret("AccessKeyID", "SecretAccessKey")) with { Answer = new(null, "refused", Refused: true) };
        Assert.Equal([(ConditionStatus.False, CredentialConditions.IdentityRefused), (ConditionStatus.False, CredentialConditions.IdentityRefused)], All(facts));
    }

    [Fact]
    public void A_server_that_does_not_answer_says_nothing_of_the_credential()
    {
        var facts = Facts(IdentityState.Found, Secret("AccessKeyID", "SecretAccessKey")) with { Answer = new(null, "no route") };
        Assert.Equal([(ConditionStatus.True, Reason.Succeeded), (ConditionStatus.Unknown, Reason.Unknown)], All(facts));
    }

    [Fact]
    public void A_server_that_answers_verifies_it()
    {
        var facts = Facts(IdentityState.Found, Secret("AccessKeyID", "SecretAccessKey")) with { Answer = new("v1.33.1", null) };
        Assert.Equal([(ConditionStatus.True, Reason.Succeeded), (ConditionStatus.True, Reason.Succeeded)], All(facts));
    }

    private static IEnumerable<(ConditionStatus, Reason)> All(CredentialFacts facts) =>
        CredentialConditionsFrom.All(facts).Select(condition => (condition.Status, condition.Reason));
}
