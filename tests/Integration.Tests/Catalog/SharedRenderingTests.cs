using Fleet.ClusterManager.Releases;
using Fleet.Helm.Charts;
using Fleet.Helm.Releases;
using Fleet.Helm.Values;
using Fleet.Integration.Tests.Helm;

namespace Fleet.Integration.Tests.Catalog;

/// <summary>Every cluster chart of the catalog is rendered once for clusters that differ by name, and gives what helm would.</summary>
public sealed class SharedRenderingTests
{
    /// <summary>Their machines name something of the cluster, so its name is in the hash by which templates of machines are named.</summary>
    private static readonly string[] RenderedEach = ["azure-standalone-cp", "openstack-standalone-cp"];

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public static TheoryData<string> Folders => ClusterChart.Folders;

    [Theory, MemberData(nameof(Folders))]
    public async Task Three_equal_clusters_are_rendered_as_by_helm_and_the_third_without_it(string folder)
    {
        using var helm = new HelmHost(Fleet.Testing.RealParts.Helms[0].Version);
        var packed = await CatalogSource.PackAsync(folder);
        var chart = await helm.Charts.ImportAsync(new MemoryStream(packed.Bytes), Ct);
        var asked = new List<string>();
        var charts = new RenderedCharts((request, ct) =>
        {
            asked.Add(request.Release.Name);
            return helm.Releases.TemplateAsync(request, ct);
        });
        string[] names = ["qq-17", "qx-28", "xq-39"];
        foreach (var name in names)
            Assert.Equal(await helm.Releases.TemplateAsync(Request(folder, chart, name), Ct), await charts.RenderAsync(Request(folder, chart, name), Ct));
        Assert.Equal(RenderedEach.Contains(folder) ? names : names[..2], asked);
    }

    private static TemplateRequest Request(string folder, ChartArchive chart, string name) =>
        new() { Release = new("fleet", name), Chart = chart, Values = YamlValues.ParseObject(ClusterChart.Of(folder).LeastValues) };
}
