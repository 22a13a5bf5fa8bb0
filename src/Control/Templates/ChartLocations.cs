using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Fleet.Contracts;
using Fleet.Contracts.Templates;
using Fleet.Control.Kinds;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Resources;

namespace Fleet.Control.Templates;

/// <summary>Follows a template's <c>spec.helm</c>, over a HelmChart object where one stands between, to the source that has the chart.</summary>
internal sealed class ChartLocations(IKubernetesClient client, SystemNamespaces namespaces)
{
    /// <summary>Throws <see cref="TemplateChartException"/> when something on the way is absent, wrong or not supported.</summary>
    public async Task<ChartLocation> FollowAsync(HelmSpec helm, string templateNamespace, CancellationToken ct) => helm switch
    {
        { ChartSpec: { } chart } => await OfAsync(chart, templateNamespace, ct),
        { ChartRef: { Kind: "HelmChart" } reference } => await OfHelmChartAsync(KeyOf(reference.Namespace, reference.Name, templateNamespace), ct),
        { ChartRef: { Kind: "OCIRepository" } reference } => new() { Kind = reference.Kind, Key = KeyOf(reference.Namespace, reference.Name, templateNamespace) },
        { ChartRef: { } reference } => throw new TemplateChartException($"spec.helm.chartRef.kind {reference.Kind} is not supported; use HelmChart or OCIRepository", false),
        { ChartSource: { LocalSourceRef: { } local } source } => new()
        {
            Kind = local.Kind,
            Key = KeyOf(local.Namespace, local.Name, templateNamespace),
            Chart = source.Path is { Length: > 0 } path ? path : null,
        },
        { ChartSource: { RemoteSourceSpec: { } remote } source } => new()
        {
            Kind = remote.Git is not null ? "GitRepository" : remote.Bucket is not null ? "Bucket" : "OCIRepository",
            Key = new(templateNamespace, ""),
            Remote = remote,
            Chart = source.Path is { Length: > 0 } path ? path : null,
        },
        { ChartSource: not null } => throw new TemplateChartException("One of LocalSource or RemoteSource must be specified.", false),
        _ => throw new TemplateChartException(
            "spec.helm needs a chart, for instance chartSpec {chart: nginx, version: 1.0.0, sourceRef: {kind: HelmRepository, name: my-repo}}", false),
    };

    /// <summary>Names the source as it is described now: another URL, branch or path is another source. Null when the object is not there.</summary>
    public async Task<string?> IdentityAsync(ChartLocation location, CancellationToken ct)
    {
        // A signature that is asked for now was not checked when nobody asked.
        var verify = location.Verify is null ? "" : JsonSerializer.Serialize(location.Verify, ContractsJson.Default.SignatureVerification);
        if (location.Repository is { } repository)
            return $"{location.Shown} {repository.Spec.Url} {verify}";
        if (location.Remote is { } remote)
            return $"{location.Shown} {location.Key.Namespace} {Digest(JsonSerializer.Serialize(remote, ContractsJson.Default.RemoteSourceSpec))}";
        var kind = location.Kind switch
        {
            "GitRepository" => FleetKinds.GitRepositories.Kind,
            "Bucket" => FleetKinds.Buckets.Kind,
            "OCIRepository" => FleetKinds.OciRepositories.Kind,
            _ => throw new TemplateChartException($"{location.Kind} is not a source of charts; use HelmRepository, GitRepository, Bucket or OCIRepository", false),
        };
        if (await client.Dynamic(kind).GetAsync(location.Key, ct) is not { } source)
            return null;
        var spec = source.Root["spec"]?.ToJsonString() ?? "";
        return $"{location.Shown} {Digest(spec)}";
    }

    private static string Digest(string spec) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(spec)));

    private async Task<ChartLocation> OfHelmChartAsync(ObjectKey key, CancellationToken ct)
    {
        var chart = (await client.Resource(FleetKinds.HelmCharts).GetAsync(key, ct))?.Spec ?? throw new TemplateChartException($"HelmChart {key} does not exist", true);
        return await OfAsync(
            new()
            {
                Chart = chart.Chart,
                Version = chart.Version,
                SourceRef = new() { Kind = chart.SourceRef.Kind, Name = chart.SourceRef.Name, Namespace = key.Namespace },
                ReconcileStrategy = chart.ReconcileStrategy,
                ValuesFiles = chart.ValuesFiles,
                Verify = chart.Verify,
            },
            key.Namespace, ct);
    }

    private async Task<ChartLocation> OfAsync(HelmChartSpec chart, string templateNamespace, CancellationToken ct)
    {
        if (chart.ValuesFiles is { Count: > 0 })
            throw new TemplateChartException("spec.helm.chartSpec.valuesFiles is not supported; put the values into the chart's values.yaml", false);
        var kind = chart.SourceRef?.Kind ?? "HelmRepository";
        if (chart.Verify is not null && kind != "HelmRepository")
            throw new TemplateChartException("spec.verify is only supported when spec.sourceRef.kind is 'HelmRepository'", false);
        var repository = kind == "HelmRepository" ? await FindRepositoryAsync(chart.SourceRef, templateNamespace, ct) : null;
        return new()
        {
            Kind = kind,
            Key = repository?.Metadata.Key ?? KeyOf(chart.SourceRef!.Namespace, chart.SourceRef.Name, templateNamespace),
            Repository = repository,
            Chart = chart.Chart,
            Version = chart.Version is null or "*" ? "" : chart.Version,
            ByRevision = chart.ReconcileStrategy == "Revision",
            Verify = chart.Verify,
        };
    }

    // Shared repositories live in the system namespaces; those of users win.
    private async Task<HelmRepository> FindRepositoryAsync(SourceReference? reference, string templateNamespace, CancellationToken ct)
    {
        var name = reference?.Name ?? FleetApi.DefaultRepository;
        IEnumerable<string> places = reference?.Namespace is { Length: > 0 } named ? [named] : namespaces.SearchFrom(templateNamespace);
        foreach (var place in places)
            if (await client.Resource(FleetKinds.HelmRepositories).GetAsync(new(place, name), ct) is { } repository)
                return repository;
        throw new TemplateChartException($"HelmRepository {places.First()}/{name} does not exist", true);
    }

    private static ObjectKey KeyOf(string? @namespace, string name, string templateNamespace) => new(@namespace is { Length: > 0 } named ? named : templateNamespace, name);
}
