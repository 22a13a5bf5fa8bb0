using Fleet.ClusterManager.Webhooks;

namespace Fleet.ClusterManager.Tests.Webhooks;

public sealed class WebhookOptionsTests
{
    [Fact]
    public void A_service_is_named_with_its_namespace_where_the_certificates_are_kept()
    {
        var options = WebhookOptions.For("kcm-system/fleet-cluster-manager", null)!;
        Assert.Equal((new WebhookService("kcm-system", "fleet-cluster-manager"), 9443, "kcm-system"), (options.Service, options.Port, options.Namespace));
        Assert.Null(WebhookOptions.For(null, "9443"));
    }

    [Theory]
    [InlineData("fleet", null, "--webhook-service")]
    [InlineData("a/b/c", null, "--webhook-service")]
    [InlineData("/b", null, "--webhook-service")]
    [InlineData("a/b", "0", "--webhook-port")]
    [InlineData("a/b", "https", "--webhook-port")]
    [InlineData("a/b", "70000", "--webhook-port")]
    public void What_is_said_wrongly_is_named(string service, string? port, string named) =>
        Assert.Contains(named, Assert.Throws<FormatException>(() => WebhookOptions.For(service, port)).Message, StringComparison.Ordinal);
}
