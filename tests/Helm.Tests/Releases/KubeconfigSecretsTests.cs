using Fleet.Helm.Errors;
using Fleet.Helm.Releases;

namespace Fleet.Helm.Tests.Releases;

public sealed class KubeconfigSecretsTests
{
    [Theory]
    [InlineData("exec: {command: /bin/sh}")]
    [InlineData("tokenFile: /etc/shadow")]
    [InlineData("client-key: /etc/ssl/key")]
    [InlineData("auth-provider: {name: gcp}")]
    public void A_foreign_kubeconfig_cannot_act_on_our_host(string user)
    {
        var e = Assert.Throws<HelmException>(() => KubeconfigSecrets.Check(new ClusterAccess(Config(user))));
        Assert.Contains(user.Split(':')[0], e.Message, StringComparison.Ordinal);
        KubeconfigSecrets.Check(new ClusterAccess(Config(user)) { IsTrusted = true });
    }

    [Fact]
    public void A_foreign_kubeconfig_cannot_read_a_certificate_file() =>
        Assert.Throws<HelmException>(() => KubeconfigSecrets.Check(new ClusterAccess("clusters: [{name: a, cluster: {certificate-authority: /etc/shadow}}]")));

    [Fact]
    public void Its_token_and_password_are_to_be_masked() =>
        Assert.Equal(["tttt", "pppp"], KubeconfigSecrets.Check(new ClusterAccess(Config("token: tttt, password: pppp"))));

    [Fact]
    public void What_is_not_YAML_is_not_repeated()
    {
        var e = Assert.Throws<HelmException>(() => KubeconfigSecrets.Check(new ClusterAccess("token: [secret")));
        Assert.DoesNotContain("secret", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void It_is_never_printed() => Assert.Equal("ClusterAccess(***)", new ClusterAccess("x").ToString());

    private static string Config(string user) => $"apiVersion: v1\nkind: Config\nusers: [{{name: a, user: {{{user}}}}}]\n";
}
