using System.Formats.Tar;
using System.IO.Compression;
using Fleet.Helm.Catalog;
using Fleet.Helm.Errors;
using Fleet.Helm.Repositories;

namespace Fleet.Helm.Tests.Catalog;

public sealed class ChartPackagerTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("fleet-helm-test-").FullName;

    [Fact]
    public async Task The_same_files_give_the_same_bytes_whatever_their_times()
    {
        var chart = Write("charts/demo", "1.0.0");
        var first = await ChartPackager.PackAsync(chart, CancellationToken.None);
        foreach (var file in Directory.EnumerateFiles(chart)) File.SetLastWriteTimeUtc(file, new DateTime(2001, 1, 1, 0, 0, 0, DateTimeKind.Utc));
        File.WriteAllText(Path.Combine(chart, ".hidden"), "left out");
        var second = await ChartPackager.PackAsync(chart, CancellationToken.None);
        Assert.Equal(first.Bytes, second.Bytes);
        Assert.Equal("demo-1.0.0.tgz", first.FileName);
    }

    [Fact]
    public async Task A_published_folder_is_a_repository_and_keeps_older_versions()
    {
        Write("charts/demo", "1.0.0");
        var repository = Path.Combine(_folder, "repository");
        await CatalogFolder.PublishAsync(Path.Combine(_folder, "charts"), repository, CancellationToken.None);
        var index = await File.ReadAllTextAsync(Path.Combine(repository, "index.yaml"), CancellationToken.None);
        await CatalogFolder.PublishAsync(Path.Combine(_folder, "charts"), repository, CancellationToken.None);
        Assert.Equal(index, await File.ReadAllTextAsync(Path.Combine(repository, "index.yaml"), CancellationToken.None));

        Write("charts/demo", "1.1.0");
        var published = await CatalogFolder.PublishAsync(Path.Combine(_folder, "charts"), repository, CancellationToken.None);
        using var reader = new StreamReader(Path.Combine(repository, "index.yaml"));
        var entries = RepositoryIndexReader.Read(reader)["demo"];
        Assert.Equal(["1.1.0", "1.0.0"], entries.Select(e => e.Version));
        Assert.Equal(Assert.Single(published).Digest, entries[0].Digest);
        Assert.Equal(["demo-1.1.0.tgz"], entries[0].Urls);
    }

    [Fact]
    public async Task A_dependency_beside_the_chart_is_packed_with_it_and_a_library_is_not_published()
    {
        var library = Write("charts/parts", "1.0.0", "parts", "type: library\n");
        Directory.CreateDirectory(Path.Combine(library, "templates"));
        File.WriteAllText(Path.Combine(library, "templates", "_a.tpl"), "{{/* a */}}");
        Write("charts/demo-2", "2.0.0", "demo", "dependencies: [{name: parts, version: 1.0.0, repository: \"file://../parts\"}]\n");
        var repository = Path.Combine(_folder, "repository");
        var published = Assert.Single(await CatalogFolder.PublishAsync(Path.Combine(_folder, "charts"), repository, CancellationToken.None));
        Assert.Equal("demo-2.0.0.tgz", published.FileName);
        // The folder in the archive is the chart's name, whatever the folder of the source.
        Assert.Equal(["demo/Chart.yaml", "demo/charts/parts/Chart.yaml", "demo/charts/parts/templates/_a.tpl", "demo/charts/parts/values.yaml", "demo/values.yaml"], Entries(published.Bytes));
    }

    [Theory]
    [InlineData("file://../parts", "1.1.0", "wants parts 1.1.0; at file://../parts is parts 1.0.0")]
    [InlineData("file://../none", "1.0.0", "none is not a chart: it has no Chart.yaml")]
    public async Task A_dependency_that_is_not_what_the_chart_says_is_an_error(string place, string version, string message)
    {
        Write("charts/parts", "1.0.0", "parts", "type: library\n");
        var chart = Write("charts/demo", "2.0.0", "demo", $"dependencies: [{{name: parts, version: {version}, repository: \"{place}\"}}]\n");
        var e = await Assert.ThrowsAsync<HelmException>(() => ChartPackager.PackAsync(chart, CancellationToken.None));
        Assert.Equal(HelmErrorKind.ChartInvalid, e.Kind);
        Assert.Contains(message, e.Message, StringComparison.Ordinal);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static List<string> Entries(byte[] archive)
    {
        using var tar = new TarReader(new GZipStream(new MemoryStream(archive), CompressionMode.Decompress));
        var names = new List<string>();
        while (tar.GetNextEntry() is { } entry) names.Add(entry.Name);
        return names;
    }

    private string Write(string path, string version, string name = "demo", string more = "")
    {
        var chart = Directory.CreateDirectory(Path.Combine(_folder, path)).FullName;
        File.WriteAllText(Path.Combine(chart, "Chart.yaml"), $"apiVersion: v2\nname: {name}\nversion: {version}\nannotations: {{b: \"2\", a: \"1\"}}\n{more}");
        File.WriteAllText(Path.Combine(chart, "values.yaml"), "a: 1\n");
        return chart;
    }
}
