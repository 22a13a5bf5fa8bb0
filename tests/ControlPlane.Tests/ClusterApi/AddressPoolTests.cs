using System.Text.Json.Nodes;
using Fleet.ControlPlane.ClusterApi.Providers;

namespace Fleet.ControlPlane.Tests.ClusterApi;

public class AddressPoolTests
{
    [Theory]
    [InlineData("""{"addresses":["10.0.0.0/24"],"prefix":24}""", 254)]
    [InlineData("""{"addresses":["10.0.0.0/24"],"prefix":24,"gateway":"10.0.0.1"}""", 253)]
    [InlineData("""{"addresses":["10.0.0.0/24"],"prefix":24,"gateway":"10.0.0.1","allocateReservedIPAddresses":true}""", 255)]
    [InlineData("""{"addresses":["10.0.0.10-10.0.0.19","10.0.0.15-10.0.0.24","10.0.0.30"],"prefix":24}""", 16)]
    [InlineData("""{"addresses":["10.0.0.10-10.0.0.19"],"excludedAddresses":["10.0.0.12-10.0.0.13","10.0.1.0/24"],"prefix":24}""", 8)]
    [InlineData("""{"addresses":["10.0.0.4/31"],"prefix":31}""", 2)]
    [InlineData("""{"addresses":["fd00::/120"],"prefix":120,"gateway":"fd00::1"}""", 254)]
    [InlineData("""{"addresses":["fd00::/16"],"prefix":16}""", long.MaxValue)]
    [InlineData("""{"addresses":["ten","10.0.0.9-10.0.0.1","10.0.0.0/33"],"prefix":24}""", 0)]
    [InlineData("{}", 0)]
    public void Addresses_that_can_be_handed_out_are_counted(string spec, long total)
    {
        var status = AddressPoolReconciler.Status(new() { ["spec"] = JsonNode.Parse(spec) });
        Assert.Equal((total, total, 0), ((long)status["total"]!, (long)status["free"]!, (int)status["used"]!));
    }
}
