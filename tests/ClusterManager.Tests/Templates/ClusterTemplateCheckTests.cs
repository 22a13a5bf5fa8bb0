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
        Assert.Equal(["bootstrap-kubeadm", "infrastructure-aws"], needs.Providers);
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

    [Fact]
    public void A_bad_annotation_is_refused_in_upstreams_words_and_annotations_of_others_do_not_matter()
    {
        var needs = ClusterTemplateCheck.Of(new(), Chart(("cluster.x-k8s.io/bootstrap-kubeadm", "v1beta1_v1beta2"), ("cluster.x-k8s.io/managed-by", "me")));
        Assert.Equal(["incorrect provider contract version v1beta1_v1beta2 given for the cluster.x-k8s.io/bootstrap-kubeadm annotation"], needs.Errors);
        Assert.Equal(["bootstrap-kubeadm"], needs.Contracts.Keys);
    }

    [Theory]
    [InlineData("v1beta1", "v1beta1_v1beta2", null)]
    [InlineData("v1beta1", "", null)]
    [InlineData("v1beta1", "v1beta1_", "incorrect provider contract version v1beta1_ given for the cluster.x-k8s.io/v1beta1 annotation")]
    [InlineData("v1beta1", "2", "incorrect provider contract version 2 given for the cluster.x-k8s.io/v1beta1 annotation")]
    public void A_provider_names_its_contracts_for_each_contract_of_cluster_api(string capi, string contracts, string? error)
    {
        var brings = ProviderTemplateCheck.Of(new(), Chart(("cluster.x-k8s.io/provider", "infrastructure-aws"), ("cluster.x-k8s.io/" + capi, contracts), ("cluster.x-k8s.io/other", "x")));
        Assert.Equal([KeyValuePair.Create(capi, contracts)], brings.Contracts);
        Assert.Equal(error is null ? [] : [error], brings.Errors);
        Assert.Equal(["infrastructure-aws"], brings.Providers);
    }

    [Fact]
    public void The_spec_of_a_provider_wins_and_its_keys_are_contracts()
    {
        var brings = ProviderTemplateCheck.Of(
            new() { CapiContracts = new() { ["infrastructure-aws"] = "v1beta1", ["v1beta2"] = "x" } }, Chart(("cluster.x-k8s.io/v1beta1", "v1beta1")));
        Assert.Equal(
            ["incorrect CAPI contract version infrastructure-aws in the spec", "incorrect provider contract version x in the spec for the v1beta2 CAPI contract version"],
            brings.Errors);
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
        Assert.Equal(follows, ChartCheck.FollowsVersions(new() { ChartSpec = new() { Chart = "c", Version = version } }));

    [Fact]
    public void Folders_and_objects_in_between_are_looked_up_again()
    {
        Assert.True(ChartCheck.FollowsVersions(new() { ChartSpec = new() { Chart = "c", Version = "1.0.0", SourceRef = new() { Kind = "GitRepository", Name = "g" } } }));
        Assert.True(ChartCheck.FollowsVersions(new() { ChartRef = new() { Kind = "OCIRepository", Name = "o" } }));
    }

    [Theory]
    [InlineData(true, true, 3, true)]
    [InlineData(false, true, 3, false)]
    [InlineData(true, false, 3, false)]
    [InlineData(true, true, 2, false)]
    public void Only_an_outage_leaves_a_valid_template_as_it_is(bool outage, bool valid, long observed, bool keeps) =>
        Assert.Equal(keeps, new CheckedChart(new() { Error = "away" }) { IsOutage = outage, MayPass = true }.Keeps(new ClusterTemplateStatus { Valid = valid, ObservedGeneration = observed }, 3));
}
