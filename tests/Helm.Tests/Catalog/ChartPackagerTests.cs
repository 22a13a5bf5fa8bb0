using Fleet.Helm.Catalog;
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

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private string Write(string path, string version)
    {
        var chart = Directory.CreateDirectory(Path.Combine(_folder, path)).FullName;
        File.WriteAllText(Path.Combine(chart, "Chart.yaml"), $"apiVersion: v2\nname: demo\nversion: {version}\nannotations: {{b: \"2\", a: \"1\"}}\n");
        File.WriteAllText(Path.Combine(chart, "values.yaml"), "a: 1\n");
        return chart;
    }
}
