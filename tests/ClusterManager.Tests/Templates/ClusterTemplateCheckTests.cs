using Fleet.ClusterManager.Templates;
using Fleet.Contracts.Templates;
using Fleet.Helm.Charts;

namespace Fleet.ClusterManager.Tests.Templates;

public class ClusterTemplateCheckTests
{
    private static ChartMetadata Chart(params (string Key, string Value)[] annotations) => new()
    {
        ApiVersion = "v2", Name = "c", Version = "1.0.0", Annotations = annotations.ToDictionary(a => a.Key, a => a.Value),
    };

    [Fact]
    public void Annotations_of_the_chart_say_what_it_needs()
    {
        var needs = ClusterTemplateCheck.Of(
            new(),
            Chart(
                ("cluster.x-k8s.io/provider", "infrastructure-aws, bootstrap-kubeadm"), ("cluster.x-k8s.io/infrastructure-aws", "v1beta2"),
                ("k0rdent.mirantis.com/k8s-version", "v1.33.1"), ("other", "x")));
        Assert.Equal(["infrastructure-aws", "bootstrap-kubeadm"], needs.Providers);
        Assert.Equal([KeyValuePair.Create("infrastructure-aws", "v1beta2")], needs.Contracts);
        Assert.Equal("v1.33.1", needs.KubernetesVersion);
        Assert.Empty(needs.Errors);
    }

    [Fact]
    public void The_spec_wins()
    {
        var needs = ClusterTemplateCheck.Of(
            new() { Providers = ["infrastructure-gcp"], K8sVersion = "1.34.0" }, Chart(("cluster.x-k8s.io/provider", "infrastructure-aws")));
        Assert.Equal(["infrastructure-gcp"], needs.Providers);
        Assert.Equal("1.34.0", needs.KubernetesVersion);
    }

    [Theory]
    [InlineData("beta2", "1.33.1", "beta2")]
    [InlineData("v1beta2", "1.33", "1.33")]
    [InlineData("v1beta2", ">=1.33.0", ">=1.33.0")]
    public void Wrong_versions_are_named(string contract, string version, string named)
    {
        var spec = new ClusterTemplateSpec { ProviderContracts = new() { ["infrastructure-aws"] = contract }, K8sVersion = version };
        Assert.Contains(named, Assert.Single(ClusterTemplateCheck.Of(spec, Chart()).Errors), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("1.0.0", false)]
    [InlineData("*", true)]
    [InlineData("1.x", true)]
    [InlineData(null, true)]
    public void Only_ranges_are_looked_up_again(string? version, bool follows) =>
        Assert.Equal(follows, ClusterTemplateStatusFrom.FollowsVersions(new() { Helm = new() { ChartSpec = new() { Chart = "c", Version = version } } }));
}
