using System.Text.Json;
using Fleet.Contracts;
using Fleet.Contracts.Templates;
using Fleet.Control.Kinds;
using Fleet.Helm.Charts;
using Fleet.Helm.Repositories;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Resources;

namespace Fleet.Control.Templates;

internal sealed class TemplateCharts(
    IKubernetesClient client, IChartRepositories repositories, RepositorySources sources, SystemNamespaces namespaces) : ITemplateCharts
{
    private static readonly ResourceKind HelmCharts = new(FleetApi.SourceGroup, FleetApi.SourceVersion, "HelmChart", "helmcharts", Namespaced: true);

    public async Task<ChartArchive> PullAsync(HelmSpec helm, string templateNamespace, string? version, CancellationToken ct)
    {
        var (chart, place) = helm switch
        {
            { ChartSpec: { } spec } => (spec, templateNamespace),
            { ChartRef: { } reference } => await FollowAsync(reference, templateNamespace, ct),
            _ => throw new TemplateChartException(
                "only spec.helm.chartSpec is supported, for instance {chart: nginx, version: 1.0.0, sourceRef: {kind: HelmRepository, name: my-repo}}", false),
        };
        // A signature that nobody checks must not look checked.
        if (chart.Verify is not null)
            throw new TemplateChartException("spec.helm.chartSpec.verify is not supported yet: remove it to use the chart unverified", false);
        var source = await FindRepositoryAsync(chart.SourceRef, place, ct);
        var wanted = version ?? chart.Version;
        var archive = await repositories.PullAsync(new ChartReference(source, chart.Chart, wanted is null or "*" ? "" : wanted), ct);
        return archive.Content.Metadata.Type == "library"
            ? throw new TemplateChartException($"chart {archive.Name} {archive.Version} is a library, which cannot be installed", false)
            : archive;
    }

    private async Task<(HelmChartSpec Chart, string Namespace)> FollowAsync(SourceReference reference, string templateNamespace, CancellationToken ct)
    {
        if (reference.Kind != HelmCharts.Kind)
            throw new TemplateChartException($"spec.helm.chartRef.kind {reference.Kind} is not supported; use HelmChart", false);
        var key = new ObjectKey(reference.Namespace is { Length: > 0 } named ? named : templateNamespace, reference.Name);
        var found = await client.Dynamic(HelmCharts).GetAsync(key, ct);
        return found?.Root["spec"]?.Deserialize(ContractsJson.Default.HelmChartSpec) is { } spec
            ? (spec, key.Namespace)
            : throw new TemplateChartException($"HelmChart {key} does not exist", true);
    }

    private async Task<RepositorySource> FindRepositoryAsync(SourceReference? reference, string templateNamespace, CancellationToken ct)
    {
        if (reference is { Kind: not "HelmRepository" })
            throw new TemplateChartException($"spec.helm.chartSpec.sourceRef.kind {reference.Kind} is not supported; use HelmRepository", false);
        var name = reference?.Name ?? FleetApi.DefaultRepository;
        IEnumerable<string> places = reference?.Namespace is { Length: > 0 } named ? [named] : namespaces.SearchFrom(templateNamespace);
        foreach (var place in places)
            if (await client.Resource(FleetKinds.HelmRepositories).GetAsync(new(place, name), ct) is { } repository)
                return await sources.ReadAsync(repository, ct);
        throw new TemplateChartException($"HelmRepository {places.First()}/{name} does not exist", true);
    }
}
