namespace Fleet.Helm.Catalog;

/// <summary>Turns a folder of charts into a folder that is a Helm repository.</summary>
public static class CatalogFolder
{
    public const string IndexName = "index.yaml";

    /// <summary>
    /// Packs every chart folder below <paramref name="charts"/> into <paramref name="repository"/> and writes the index last, so that it never names an
    /// archive that is not there. Archives of other versions in the folder stay, and stay in the index. Library charts are parts of the others and are
    /// not published themselves.
    /// </summary>
    public static async Task<IReadOnlyList<PackagedChart>> PublishAsync(string charts, string repository, CancellationToken ct)
    {
        Directory.CreateDirectory(repository);
        var packaged = new List<PackagedChart>();
        foreach (var folder in Directory.EnumerateDirectories(charts).Order(StringComparer.Ordinal))
        {
            var chart = await ChartPackager.PackAsync(folder, ct);
            if (chart.Content.Metadata.Type == "library") continue;
            await WriteAsync(Path.Combine(repository, chart.FileName), chart.Bytes, ct);
            packaged.Add(chart);
        }
        var all = packaged.Concat(await OthersAsync(repository, [.. packaged.Select(p => p.FileName)], ct));
        await WriteAsync(Path.Combine(repository, IndexName), System.Text.Encoding.UTF8.GetBytes(RepositoryIndex.Of(all)), ct);
        return packaged;
    }

    private static async Task<IReadOnlyList<PackagedChart>> OthersAsync(string repository, HashSet<string> known, CancellationToken ct)
    {
        var others = new List<PackagedChart>();
        foreach (var file in Directory.EnumerateFiles(repository, "*.tgz").Where(f => !known.Contains(Path.GetFileName(f))))
        {
            var bytes = await File.ReadAllBytesAsync(file, ct);
            var content = await Charts.ChartReader.ReadAsync(new MemoryStream(bytes), Charts.ChartLimits.Default, ct);
            others.Add(new PackagedChart(content, Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(bytes)), bytes));
        }
        return others;
    }

    // Beside and renamed: whoever downloads at this moment gets the old or the new one, whole.
    private static async Task WriteAsync(string path, byte[] bytes, CancellationToken ct)
    {
        var temporary = path + ".new";
        await File.WriteAllBytesAsync(temporary, bytes, ct);
        File.Move(temporary, path, overwrite: true);
    }
}
