using Fleet.Contracts.Services;
using Fleet.Helm.Releases;
using Fleet.StateManager.Holds;

namespace Fleet.StateManager.Tests.Holds;

public sealed class ServiceHoldsTests
{
    private static readonly ReleaseName Web = new("shop", "web");

    [Fact]
    public void What_is_written_is_read_again()
    {
        var hold = new ServiceHold { Revision = 3, By = "alice", Since = new(2026, 11, 1, 12, 0, 0, TimeSpan.Zero), Declared = "abc" };
        var text = ServiceHolds.Parse(null).With(Web, hold);
        Assert.Equal("""{"shop/web":{"revision":3,"by":"alice","since":"2026-11-01T12:00:00Z","declared":"abc"}}""", text);
        Assert.Equal(hold, ServiceHolds.Parse(text).Of(Web));
        Assert.Null(ServiceHolds.Parse(text).Of(new("shop", "db")));
        Assert.Null(ServiceHolds.Parse(text).With(Web, null));
    }

    [Theory]
    [InlineData("web")]
    [InlineData("[1]")]
    [InlineData("{\"shop/web\":{},\"shop/web\":{}}")]
    public void An_annotation_that_cannot_be_read_keeps_every_service_as_it_is(string text)
    {
        var hold = ServiceHolds.Parse(text).Of(Web)!;
        Assert.Null(hold.Revision);
        Assert.False(hold.IsOver(null));
        Assert.Contains("held-services", hold.Text(null), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{\"shop/web\":3}")]
    [InlineData("{\"shop/web\":{\"revision\":\"3\"}}")]
    [InlineData("{\"shop/web\":{\"revision\":0}}")]
    public void An_entry_that_cannot_be_read_keeps_its_service_as_it_is(string text)
    {
        Assert.NotNull(ServiceHolds.Parse(text).Of(Web)!.Problem);
        Assert.Null(ServiceHolds.Parse(text).Of(new("shop", "db")));
    }

    [Fact]
    public void A_rollback_is_over_when_the_service_is_declared_otherwise_and_a_pause_is_not()
    {
        var service = new PlacedService { Name = "web", Namespace = "shop", Template = "web-2" };
        var rolledBack = new ServiceHold { Revision = 1, Declared = ServiceHold.DeclarationOf(service) };
        Assert.False(rolledBack.IsOver(service with { }));
        Assert.True(rolledBack.IsOver(service with { Template = "web-3" }));
        Assert.True(rolledBack.IsOver(service with { Values = "replicas: 2" }));
        Assert.True(rolledBack.IsOver(null));
        Assert.False(new ServiceHold { By = "alice" }.IsOver(null));

        var holds = ServiceHolds.Parse(ServiceHolds.Parse(null).With(Web, rolledBack));
        Assert.Empty(holds.Over([service]));
        Assert.Equal(["shop/web"], holds.Over([]));
        Assert.Null(holds.Without(["shop/web"]));
    }
}
