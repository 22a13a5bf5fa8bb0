using Fleet.Helm.Catalog;
using Fleet.Helm.Charts;
using Fleet.Helm.Errors;
using Fleet.Helm.Repositories;
using Fleet.Sources.Artifacts;

namespace Fleet.Control.Templates;

/// <summary>Charts that lie in artifacts: a folder with Chart.yaml, or a packed chart.</summary>
internal sealed class ArtifactCharts(IChartRepositories charts)
{
    /// <param name="artifact">Where to look.</param>
    /// <param name="path">The chart's folder or archive, from the root of the artifact; null when the artifact as a whole is the chart.</param>
    /// <param name="shown">The source, for messages.</param>
    /// <param name="ct">Ends the work.</param>
    public async Task<ChartArchive> ReadAsync(Artifact artifact, string? path, string shown, CancellationToken ct)
    {
        var place = path is null ? WholeOf(artifact.Folder, shown) : PlaceOf(artifact.Folder, path, shown);
        if (File.Exists(place))
        {
            await using var archive = File.OpenRead(place);
            return await charts.ImportAsync(archive, ct);
        }
        if (!File.Exists(Path.Combine(place, "Chart.yaml")))
            throw new TemplateChartException($"{shown} has no chart at {path ?? "its root"}", true);
        var packed = await ChartPackager.PackAsync(place, ct);
        RefuseMissingDependencies(packed.Content.Metadata, place, shown);
        using var bytes = new MemoryStream(packed.Bytes);
        return await charts.ImportAsync(bytes, ct);
    }

    private static string PlaceOf(string folder, string path, string shown)
    {
        var parts = path.Split('/', StringSplitOptions.RemoveEmptyEntries).Where(part => part != ".").ToList();
        if (parts.Contains("..") || path.Contains('\0', StringComparison.Ordinal))
            throw new TemplateChartException($"spec.helm.chartSpec.chart {path} leaves {shown}", false);
        return Path.Combine([folder, .. parts]);
    }

    // A layer that was unpacked has the chart in a folder of its own, one that was kept is the archive itself.
    private static string WholeOf(string folder, string shown)
    {
        if (File.Exists(Path.Combine(folder, "Chart.yaml")))
            return folder;
        var entries = Directory.GetFileSystemEntries(folder);
        if (entries is [{ } only] && (File.Exists(only) || File.Exists(Path.Combine(only, "Chart.yaml"))))
            return only;
        var charts = entries.Where(entry => File.Exists(Path.Combine(entry, "Chart.yaml"))).ToList();
        return charts is [{ } one] ? one : throw new TemplateChartException($"{shown} is not one Helm chart", true);
    }

    // Helm would only find out while it installs.
    private static void RefuseMissingDependencies(ChartMetadata chart, string place, string shown)
    {
        var folder = Path.Combine(place, "charts");
        var missing = chart.Dependencies
            .Where(dependency => !Directory.Exists(Path.Combine(folder, dependency.Name)))
            .Where(dependency => !Directory.Exists(folder) || Directory.GetFiles(folder, $"{dependency.Name}-*.tgz").Length == 0)
            .Select(dependency => dependency.Name).ToList();
        if (missing.Count > 0)
            throw new HelmException(
                HelmErrorKind.ChartInvalid,
                $"chart {chart.Name} of {shown} depends on {string.Join(", ", missing)}, which its charts/ folder does not hold: run helm dependency build and commit it");
    }
}
