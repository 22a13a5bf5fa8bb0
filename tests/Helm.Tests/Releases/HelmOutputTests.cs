using Fleet.Helm.Errors;
using Fleet.Helm.Releases;

namespace Fleet.Helm.Tests.Releases;

public sealed class HelmOutputTests
{
    [Fact]
    public void History_is_read_newest_first()
    {
        var history = HelmOutput.History("""
            [{"revision":1,"updated":"2026-11-20T14:00:00.123456789Z","status":"superseded","chart":"demo-1.0.0","app_version":"7","description":"Install complete"},
             {"revision":2,"updated":"2026-11-20T15:00:00Z","status":"pending-upgrade","chart":"demo-1.1.0","app_version":"7","description":"Preparing upgrade"}]
            """, new ReleaseName("web", "demo"));
        Assert.Equal([2, 1], history.Select(r => r.Revision));
        Assert.True(history[0].IsPending);
        Assert.Equal(ReleaseState.Superseded, history[1].State);
        Assert.Equal(14, history[1].Updated!.Value.Hour);
    }

    [Theory]
    [InlineData("2026-11-20 14:47:26.939462424 +0000 UTC")]
    [InlineData("2026-11-20 15:47:26.9 +0100 CET")]
    [InlineData("2026-11-20 14:47:26 +0000 UTC")]
    public void The_list_prints_times_as_Go_does(string time)
    {
        var release = Assert.Single(HelmOutput.List($$"""
            [{"name":"demo","namespace":"web","revision":"3","updated":"{{time}}","status":"deployed","chart":"demo-1.0.0","app_version":""}]
            """));
        Assert.Equal(new ReleaseName("web", "demo"), release.Name);
        Assert.Equal(3, release.Revision);
        Assert.Equal(new DateTime(2026, 11, 20, 14, 47, 26), release.Updated!.Value.UtcDateTime);
    }

    [Fact]
    public void A_state_of_a_later_helm_is_Unknown_not_an_error() => Assert.Equal(ReleaseState.Unknown, ReleaseStates.Parse("meditating"));

    [Fact]
    public void Text_that_is_not_JSON_is_an_error() =>
        Assert.Throws<HelmException>(() => HelmOutput.List("oops"));
}
