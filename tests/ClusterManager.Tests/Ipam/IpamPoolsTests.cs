using System.Text.Json.Nodes;
using Fleet.ClusterManager.Ipam;

namespace Fleet.ClusterManager.Tests.Ipam;

public class IpamPoolsTests
{
    [Fact]
    public void Listed_addresses_win_over_the_range() => Assert.Equal(
        """{"addresses":["10.0.0.10-10.0.0.20"],"gateway":"10.0.0.1","prefix":24}""",
        IpamPools.Spec(new()
        {
            Provider = "in-cluster",
            NodeNetwork = new() { Cidr = "10.0.0.0/24", Gateway = "10.0.0.1", IpAddresses = ["10.0.0.10-10.0.0.20"], Prefix = 24 },
        }).ToJsonString());

    [Fact]
    public void A_range_alone_is_the_pool() =>
        Assert.Equal("""{"addresses":["10.0.0.0/24"],"prefix":24}""", IpamPools.Spec(new() { Provider = "in-cluster", NodeNetwork = new() { Cidr = "10.0.0.0/24" } }).ToJsonString());

    [Fact]
    public void Infoblox_takes_the_range() =>
        Assert.Equal("""{"subnets":[{"cidr":"10.0.0.0/24"}]}""", IpamPools.Spec(new() { Provider = "ipam-infoblox", NodeNetwork = new() { Cidr = "10.0.0.0/24" } }).ToJsonString());

    [Theory]
    [InlineData("in-cluster", "", "spec.nodeNetwork needs cidr or ipAddresses")]
    [InlineData("in-cluster", "10.0.0.0/24", null)]
    [InlineData("ipam-infoblox", "", "spec.nodeNetwork.cidr is needed for ipam-infoblox")]
    [InlineData("dhcp", "10.0.0.0/24", "unknown provider name 'dhcp'")]
    public void What_cannot_be_asked_for_is_said(string provider, string cidr, string? problem) =>
        Assert.Equal(problem, IpamPools.Missing(new() { Provider = provider, NodeNetwork = new() { Cidr = cidr } }));

    [Theory]
    [InlineData("in-cluster", """{"status":{"ipAddresses":{"total":11}}}""", true)]
    [InlineData("in-cluster", """{"status":{"ipAddresses":{"total":0}}}""", false)]
    [InlineData("in-cluster", """{}""", false)]
    [InlineData("ipam-infoblox", """{"status":{"conditions":[{"type":"Ready","status":"True"}]}}""", true)]
    [InlineData("ipam-infoblox", """{"status":{"conditions":[{"type":"Ready","status":"False"}]}}""", false)]
    [InlineData("ipam-infoblox", """{"status":{}}""", false)]
    public void A_pool_is_ready_when_its_provider_says_so(string provider, string pool, bool ready) =>
        Assert.Equal(ready, IpamPools.IsReady(provider, (JsonObject)JsonNode.Parse(pool)!));
}
