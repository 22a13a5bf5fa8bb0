using Fleet.ClusterManager.Components;
using static Fleet.ClusterManager.Tests.Components.ComponentExamples;

namespace Fleet.ClusterManager.Tests.Components;

public class ContractCheckTests
{
    private static IEnumerable<string> Incompatible(string[] core, string[] provider) => ContractCheck.Incompatible(
        [Template("aws-1", contracts: provider.ToDictionary(version => version, _ => "v1beta2"))], Template("capi-1", contracts: core.ToDictionary(version => version, _ => "")));

    [Fact]
    public void One_contract_in_common_is_enough()
    {
        Assert.Empty(Incompatible(["v1beta1", "v1beta2"], ["v1beta2"]));
        Assert.Empty(Incompatible(["v1beta1"], ["v1beta1", "v1beta2"]));
        Assert.Equal(
            ["core CAPI contract versions v1beta2 of ProviderTemplate capi-1 do not support v1alpha4, v1beta1 of ProviderTemplate aws-1"],
            Incompatible(["v1beta2"], ["v1beta1", "v1alpha4"]));
    }

    [Fact]
    public void Who_states_nothing_is_not_compared()
    {
        Assert.Empty(Incompatible([], ["v1beta1"]));
        Assert.Empty(Incompatible(["v1beta1"], []));
        Assert.Empty(ContractCheck.Incompatible([Template("aws-1", contracts: new() { ["v9"] = "v9" })], null));
    }

    [Fact]
    public void A_cluster_needs_one_of_the_versions_that_are_offered()
    {
        var offered = new Dictionary<string, Dictionary<string, string>> { ["infrastructure-aws"] = new() { ["v1beta1"] = "v1beta1_v1beta2" }, ["bootstrap-x"] = [] };
        Assert.Empty(ContractCheck.Missing(new Dictionary<string, string> { ["infrastructure-aws"] = "v1beta2", ["bootstrap-x"] = "v9", ["unknown"] = "v9" }, offered));
        Assert.Equal(["provider infrastructure-aws does not support v1beta3"], ContractCheck.Missing(new Dictionary<string, string> { ["infrastructure-aws"] = "v1beta3" }, offered));
    }
}
