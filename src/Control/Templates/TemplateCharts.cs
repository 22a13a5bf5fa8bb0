using System.Text.Json;
using Fleet.Contracts;
using Fleet.Contracts.Sources;
using Fleet.Contracts.Templates;
using Fleet.Control.Kinds;
using Fleet.Helm.Errors;
using Fleet.Helm.Repositories;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Resources;

namespace Fleet.Control.Templates;

internal sealed class TemplateCharts(
    IKubernetesClient client, IChartRepositories repositories, RepositorySources sources, SystemNamespaces namespaces) : ITemplateCharts
{
    private static readonly ResourceKind HelmCharts = new(FleetApi.SourceGroup, FleetApi.SourceVersion, "HelmChart", "helmcharts", Namespaced: true);

    public async Task<TemplateChart> FindAsync(HelmSpec helm, string @namespace, CancellationToken ct)
    {
        if (helm.ChartSpec is { } chart)
            return await PullAsync(chart, chart.SourceRef?.Namespace ?? @namespace, chart.SourceRef?.Namespace is not null, ct);
        if (helm.ChartRef is { } reference)
            return await FollowAsync(reference, reference.Namespace ?? @namespace, ct);
        return TemplateChart.Missing("spec.helm.chartSource is not supported", mayPass: false);
    }

    private async Task<TemplateChart> FollowAsync(SourceReference reference, string @namespace, CancellationToken ct)
    {
        if (reference.Kind != HelmCharts.Kind)
            return TemplateChart.Missing($"spec.helm.chartRef.kind: {reference.Kind} is not supported, only HelmChart", mayPass: false);
        var key = new ObjectKey(@namespace, reference.Name);
        var found = await client.Dynamic(HelmCharts).GetAsync(key, ct);
        return found?.Root["spec"]?.Deserialize(ContractsJson.Default.HelmChartSpec) is { } spec
            ? await PullAsync(spec, spec.SourceRef?.Namespace ?? @namespace, exactNamespace: true, ct)
            : TemplateChart.Missing($"HelmChart {key} does not exist", mayPass: true);
    }

    private async Task<TemplateChart> PullAsync(HelmChartSpec chart, string @namespace, bool exactNamespace, CancellationToken ct)
    {
        if (chart.SourceRef is { Kind: not "HelmRepository" } other)
            return TemplateChart.Missing($"spec.helm.chartSpec.sourceRef.kind: {other.Kind} is not supported, only HelmRepository", mayPass: false);
        var name = chart.SourceRef?.Name ?? FleetApi.DefaultRepository;
        var repository = await FindRepositoryAsync(name, exactNamespace ? [@namespace] : namespaces.SearchFrom(@namespace), ct);
        if (repository is null)
            return TemplateChart.Missing($"HelmRepository {@namespace}/{name} does not exist", mayPass: true);
        var source = await sources.ReadAsync(repository, ct);
        if (source.Source is null)
            return TemplateChart.Missing(source.Problem!, mayPass: true);
        try
        {
            var archive = await repositories.PullAsync(new(source.Source, chart.Chart, chart.Version is null or "*" ? "" : chart.Version), ct);
            return archive.Content.Metadata.Type == "library"
                ? TemplateChart.Missing($"chart {archive.Name} {archive.Version} is a library and can not be installed", mayPass: false)
                : TemplateChart.Of(archive);
        }
        catch (HelmException e)
        {
            // Also a chart that is not there may be pushed later.
            return TemplateChart.Missing(e.Message, mayPass: e.Kind is not HelmErrorKind.ChartInvalid);
        }
    }

    private async Task<CustomResource<HelmRepositorySpec, HelmRepositoryStatus>?> FindRepositoryAsync(
        string name, IEnumerable<string> places, CancellationToken ct)
    {
        foreach (var place in places)
            if (await client.Resource(FleetKinds.HelmRepositories).GetAsync(new(place, name), ct) is { } found)
                return found;
        return null;
    }
}
