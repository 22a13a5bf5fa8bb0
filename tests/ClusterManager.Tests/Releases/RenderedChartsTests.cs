using System.Text.Json.Nodes;
using Fleet.ClusterManager.Releases;
using Fleet.Helm.Charts;
using Fleet.Helm.Errors;
using Fleet.Helm.Releases;

namespace Fleet.ClusterManager.Tests.Releases;

public class RenderedChartsTests
{
    private static readonly CancellationToken None = TestContext.Current.CancellationToken;

    private readonly List<string> rendered = [];

    [Fact]
    public async Task Clusters_that_differ_by_their_name_are_rendered_once_and_once_more_as_the_proof()
    {
        var charts = new RenderedCharts(Plain);
        for (var i = 0; i < 100; i++)
            Assert.Equal(Text($"site-{i:000}"), await charts.RenderAsync(Request($"site-{i:000}"), None));
        Assert.Equal(["site-000", "site-001"], rendered);
        Assert.Equal(Text("site-000"), await charts.RenderAsync(Request("site-000"), None));
        Assert.Equal(2, rendered.Count);
    }

    [Fact]
    public async Task Those_that_ask_at_once_wait_for_the_first_two()
    {
        var may = new TaskCompletionSource();
        var charts = new RenderedCharts(async (request, ct) =>
        {
            await may.Task;
            return await Plain(request, ct);
        });
        var all = Enumerable.Range(0, 50).Select(i => charts.RenderAsync(Request($"site-{i:000}"), None)).ToArray();
        may.SetResult();
        Assert.Equal(Enumerable.Range(0, 50).Select(i => Text($"site-{i:000}")), await Task.WhenAll(all));
        Assert.Equal(2, rendered.Count);
    }

    public static TheoryData<string, Func<TemplateRequest, TemplateRequest>> Others => new()
    {
        { "values", request => request with { Values = new() { ["workersNumber"] = 4 } } },
        { "chart", request => request with { Chart = request.Chart with { Digest = "other" } } },
        { "namespace", request => request with { Release = request.Release with { Namespace = "elsewhere" } } },
        { "length of the name", request => request with { Release = request.Release with { Name = "site-0000" } } },
        { "a digit for a letter", request => request with { Release = request.Release with { Name = "site-a00" } } },
    };

    [Theory, MemberData(nameof(Others))]
    public async Task What_differs_otherwise_is_rendered_by_itself(string what, Func<TemplateRequest, TemplateRequest> change)
    {
        var charts = new RenderedCharts(Plain);
        await charts.RenderAsync(Request("site-001"), None);
        await charts.RenderAsync(Request("site-002"), None);
        await charts.RenderAsync(change(Request("site-003")), None);
        Assert.True(rendered.Count == 3, what);
    }

    [Fact]
    public async Task A_chart_that_makes_more_of_the_name_is_rendered_for_each()
    {
        var charts = new RenderedCharts((request, _) =>
        {
            rendered.Add(request.Release.Name);
            return Task.FromResult($"name: {request.Release.Name}\nhash: {request.Release.Name[^1] * 31}");
        });
        for (var i = 0; i < 4; i++)
            Assert.EndsWith($"{('0' + i) * 31}", await charts.RenderAsync(Request($"site-00{i}"), None), StringComparison.Ordinal);
        Assert.Equal(4, rendered.Count);
    }

    [Fact]
    public async Task A_failure_is_not_kept()
    {
        var fails = true;
        var charts = new RenderedCharts((request, ct) => fails ? throw new HelmException(HelmErrorKind.RenderFailed, "no") : Plain(request, ct));
        await Assert.ThrowsAsync<HelmException>(() => charts.RenderAsync(Request("site-001"), None));
        fails = false;
        Assert.Equal(Text("site-001"), await charts.RenderAsync(Request("site-001"), None));
    }

    [Fact]
    public async Task Only_so_much_is_kept()
    {
        var charts = new RenderedCharts(Plain);
        for (var i = 0; i < 100; i++)
            await charts.RenderAsync(Request("site-001") with { Values = new() { ["workersNumber"] = i } }, None);
        await charts.RenderAsync(Request("site-001") with { Values = new() { ["workersNumber"] = 99 } }, None);
        Assert.Equal(100, rendered.Count);
        await charts.RenderAsync(Request("site-001") with { Values = new() { ["workersNumber"] = 0 } }, None);
        Assert.Equal(101, rendered.Count);
    }

    [Theory]
    [InlineData("site-001", "aaaa-000")]
    [InlineData("b7.x", "a0.a")]
    [InlineData("ab", null)]
    [InlineData("my-demo-1", null)]
    [InlineData("prod-001", null)]
    [InlineData("eu-west-01", null)]
    [InlineData("blue-team", null)]
    [InlineData("team", null)]
    [InlineData("in-NS1-01", null)]
    public void Names_that_have_something_in_common_with_a_text_of_the_chart_are_not_interchangeable(string name, string? shape) =>
        Assert.Equal(shape, InterchangeableNames.ShapeOf(
            new("ns1", name), Chart("prod-") with { Content = Chart("prod-").Content with { Values = new() { ["region"] = "eu-west" } } },
            new() { ["labels"] = new JsonArray(new JsonObject { ["team"] = "blue" }), ["count"] = 1 }));

    [Fact]
    public void Where_not_all_texts_are_known_no_name_is() =>
        Assert.Null(InterchangeableNames.ShapeOf(new("ns1", "site-001"), Chart() with { Content = Chart().Content with { TemplateTexts = null } }, []));

    private static TemplateRequest Request(string name) => new() { Release = new("ns1", name), Chart = Chart("%s-cp", "cluster.x-k8s.io"), Values = new() { ["workersNumber"] = 3 } };

    private static ChartArchive Chart(params string[] texts) => new()
    {
        Path = "/charts/demo.tgz",
        Digest = "abc",
        Content = new() { Metadata = new() { ApiVersion = "v2", Name = "demo", Version = "1.0.0" }, TemplateTexts = texts },
    };

    private static string Text(string name) => $"kind: Cluster\nname: {name}\n---\nkind: MachineDeployment\nname: {name}-md\nreplicas: 3";

    private Task<string> Plain(TemplateRequest request, CancellationToken ct)
    {
        lock (rendered)
            rendered.Add(request.Release.Name);
        return Task.FromResult(Text(request.Release.Name));
    }
}
