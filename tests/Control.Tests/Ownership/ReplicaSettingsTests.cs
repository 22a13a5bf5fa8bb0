using Fleet.Control.Ownership;
using Microsoft.Extensions.Configuration;

namespace Fleet.Control.Tests.Ownership;

public sealed class ReplicaSettingsTests
{
    [Fact]
    public void Without_a_name_there_is_one_process() => Assert.Null(Of());

    [Fact]
    public void A_name_is_enough()
    {
        var options = Of(("replica", "fleet-cluster-manager-abc"))!;
        Assert.Equal(("cluster-manager", "fleet-cluster-manager-abc", "usual"), (options.Service, options.Replica, options.Namespace));
        Assert.Null(options.Address);
    }

    [Theory]
    [InlineData("10.1.2.3", "8090", "10.1.2.3:8090")]
    [InlineData("fd00::3", "8090", "[fd00::3]:8090")]
    [InlineData("10.1.2.3", "", "10.1.2.3:0")]
    public void Place_and_address_can_be_given(string address, string port, string expected)
    {
        var options = Of(("replica", "a"), ("replica-namespace", "fleet"), ("replica-address", address), ("replica-port", port))!;
        Assert.Equal(("fleet", expected), (options.Namespace, options.Address));
    }

    [Fact]
    public void A_pool_can_be_given() => Assert.Equal("east", Of(("replica", "a"), ("replica-pool", "east"))!.Pool);

    [Fact]
    public void A_pool_is_of_replicas() => Assert.StartsWith("--replica-pool needs --replica", Assert.Throws<FormatException>(() => Of(("replica-pool", "east"))).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("replica-pool", "East")]
    [InlineData("replica-pool", "a.b")]
    [InlineData("replica", "A b")]
    [InlineData("replica", "-a")]
    [InlineData("replica-namespace", "../x")]
    [InlineData("replica-address", "somewhere")]
    [InlineData("replica-port", "8090")]
    [InlineData("replica-port", "70000")]
    [InlineData("replica-port", "x")]
    public void What_is_wrong_is_named(string name, string value)
    {
        var error = Assert.Throws<FormatException>(() => name == "replica" ? Of((name, value)) : Of(("replica", "a"), (name, value)));
        Assert.StartsWith($"--{name}", error.Message, StringComparison.Ordinal);
    }

    private static OwnershipOptions? Of(params (string Name, string Value)[] given) => ReplicaSettings.From(
        new ConfigurationBuilder().AddInMemoryCollection(given.Select(g => KeyValuePair.Create(g.Name, (string?)g.Value))).Build(), "cluster-manager", "usual");
}
