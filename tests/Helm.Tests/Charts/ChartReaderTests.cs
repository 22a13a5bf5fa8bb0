using System.Formats.Tar;
using Fleet.Helm.Charts;
using Fleet.Helm.Errors;

namespace Fleet.Helm.Tests.Charts;

public sealed class ChartReaderTests
{
    [Fact]
    public async Task A_chart_is_read_with_all_its_parts()
    {
        var chart = await ReadAsync(ChartBytes.Of(
            ("demo/Chart.yaml", """
                apiVersion: v2
                name: demo
                version: 1.2.3
                appVersion: "7"
                description: A demo.
                annotations: {cluster.x-k8s.io/provider: infrastructure-aws}
                dependencies: [{name: other, version: ^1, repository: "https://charts.example.org", alias: db}]
                """),
            ("demo/values.yaml", "# how many\nreplicas: 2\nimage: {tag: latest}\n"),
            ("demo/values.schema.json", """{"type":"object"}"""),
            ("demo/README.md", "# demo"),
            ("demo/crds/b.yaml", "kind: B"),
            ("demo/crds/a.yaml", "kind: A"),
            ("demo/templates/x.yaml", "{{ .Values.replicas }}")));

        Assert.Equal("demo", chart.Metadata.Name);
        Assert.Equal("7", chart.Metadata.AppVersion);
        Assert.Equal("infrastructure-aws", chart.Metadata.Annotations["cluster.x-k8s.io/provider"]);
        Assert.Equal(new ChartDependency("other", "^1", "https://charts.example.org", "db"), Assert.Single(chart.Metadata.Dependencies));
        Assert.Equal("""{"replicas":2,"image":{"tag":"latest"}}""", chart.Values.ToJsonString());
        Assert.StartsWith("# how many", chart.ValuesText, StringComparison.Ordinal);
        Assert.Equal("""{"type":"object"}""", chart.Schema);
        Assert.Equal("# demo", chart.Readme);
        Assert.Equal(["kind: A", "kind: B"], chart.Crds);
        Assert.False(chart.IsThinWrapper);
    }

    [Fact]
    public async Task A_thin_wrapper_shows_what_it_wraps()
    {
        var chart = await ReadAsync(ChartBytes.Of(
            ("demo/Chart.yaml", "apiVersion: v2\nname: demo\nversion: 9.0.0\ndescription: wrapper\ndependencies: [{name: demo, version: 1.0.0}]\n"),
            ("demo/values.yaml", "outer: true\n"),
            ("demo/charts/demo/Chart.yaml", "apiVersion: v2\nname: demo\nversion: 1.0.0\ndescription: inner\n"),
            ("demo/charts/demo/values.yaml", "inner: true\n")));
        Assert.True(chart.IsThinWrapper);
        Assert.Equal("9.0.0", chart.Metadata.Version);
        Assert.Equal("inner", chart.Metadata.Description);
        Assert.Equal("""{"inner":true}""", chart.Values.ToJsonString());
    }

    [Theory]
    [InlineData("../evil/Chart.yaml", "leaves the chart")]
    [InlineData("demo/../../evil", "leaves the chart")]
    [InlineData("/etc/passwd", "not a path inside")]
    [InlineData("demo\\x", "not a path inside")]
    [InlineData("Chart.yaml", "not inside the chart's folder")]
    public async Task A_path_that_leads_elsewhere_is_refused(string path, string words) =>
        await RefusedAsync(ChartBytes.Of(("demo/Chart.yaml", ChartBytes.ChartYaml), (path, "x")), words);

    [Theory]
    [InlineData(TarEntryType.SymbolicLink)]
    [InlineData(TarEntryType.HardLink)]
    [InlineData(TarEntryType.Fifo)]
    public async Task Links_and_devices_are_refused(TarEntryType type)
    {
        var entry = new UstarTarEntry(type, "demo/values.yaml");
        if (type != TarEntryType.Fifo) entry.LinkName = "/etc/passwd";
        await RefusedAsync(ChartBytes.Pack([entry]), "only plain files");
    }

    [Fact]
    public async Task The_same_name_twice_is_refused() =>
        await RefusedAsync(ChartBytes.Of(("demo/Chart.yaml", ChartBytes.ChartYaml), ("demo/./Chart.yaml", ChartBytes.ChartYaml)), "there twice");

    [Fact]
    public async Task A_bomb_is_refused_before_it_is_unpacked() =>
        await RefusedAsync(ChartBytes.Of(("demo/Chart.yaml", ChartBytes.ChartYaml), ("demo/a", new string('0', 4_000_000)), ("demo/b", new string('0', 4_000_000))), "unpacks to a size");

    [Fact]
    public async Task Too_many_bytes_are_refused() =>
        await RefusedAsync(ChartBytes.Of(("demo/Chart.yaml", ChartBytes.ChartYaml), ("demo/a", new string('x', 5000))), "more than 2048", new ChartLimits { MaxUnpackedBytes = 2048 });

    [Fact]
    public async Task Too_many_files_are_refused() =>
        await RefusedAsync(ChartBytes.Of(("demo/Chart.yaml", ChartBytes.ChartYaml), ("demo/a", ""), ("demo/b", "")), "more than 2 files", new ChartLimits { MaxFiles = 2 });

    [Theory]
    [InlineData("apiVersion: v2\nname: ../x\nversion: 1.0.0", "not a chart name")]
    [InlineData("apiVersion: v2\nname: x\nversion: newest", "not a semantic version")]
    [InlineData("name: [", "line")]
    [InlineData("- a", "map")]
    public async Task A_bad_Chart_yaml_is_named(string yaml, string words) => await RefusedAsync(ChartBytes.Of(("demo/Chart.yaml", yaml)), words);

    [Fact]
    public async Task Without_Chart_yaml_it_is_no_chart() => await RefusedAsync(ChartBytes.Of(("demo/values.yaml", "")), "Chart.yaml is missing");

    [Fact]
    public async Task A_schema_that_is_not_JSON_is_refused() =>
        await RefusedAsync(ChartBytes.Of(("demo/Chart.yaml", ChartBytes.ChartYaml), ("demo/values.schema.json", "{")), "cannot be read");

    [Theory]
    [InlineData(0)]
    [InlineData(10)]
    [InlineData(150)]
    public async Task A_torn_or_foreign_file_is_refused(int length) => await RefusedAsync(ChartBytes.Demo()[..length], "");

    private static Task<ChartContent> ReadAsync(byte[] bytes, ChartLimits? limits = null) =>
        ChartReader.ReadAsync(new MemoryStream(bytes), limits ?? ChartLimits.Default, CancellationToken.None);

    private static async Task RefusedAsync(byte[] bytes, string words, ChartLimits? limits = null)
    {
        var e = await Assert.ThrowsAsync<HelmException>(() => ReadAsync(bytes, limits));
        Assert.Equal(HelmErrorKind.ChartInvalid, e.Kind);
        Assert.Contains(words, e.Message, StringComparison.Ordinal);
    }
}
