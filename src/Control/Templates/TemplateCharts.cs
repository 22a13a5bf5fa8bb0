using System.Text;
using System.Text.Json.Nodes;
using Fleet.Contracts;
using Fleet.Contracts.Templates;
using Fleet.Control.Kinds;
using Fleet.Helm.Charts;
using Fleet.Helm.Repositories;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Resources;

namespace Fleet.Control.Templates;

internal sealed class TemplateCharts(IKubernetesClient client, IChartRepositories repositories) : ITemplateCharts
{
    private static readonly ResourceKind Secrets = new("", "v1", "Secret", "secrets", true);

    public async Task<ChartArchive> PullAsync(HelmSpec helm, string templateNamespace, string? version, CancellationToken ct)
    {
        if (helm.ChartSpec is not { } chart)
            throw new TemplateChartException(
                "only spec.helm.chartSpec is supported, for instance {chart: nginx, version: 1.0.0, sourceRef: {kind: HelmRepository, name: my-repo}}", false);
        var source = await FindRepositoryAsync(chart.SourceRef, templateNamespace, ct);
        return await repositories.PullAsync(new ChartReference(source, chart.Chart, version ?? chart.Version ?? ""), ct);
    }

    private async Task<RepositorySource> FindRepositoryAsync(SourceReference? reference, string templateNamespace, CancellationToken ct)
    {
        if (reference is { Kind: not "HelmRepository" })
            throw new TemplateChartException($"spec.helm.chartSpec.sourceRef.kind {reference.Kind} is not supported; use HelmRepository", false);
        var key = reference is null
            ? new ObjectKey(FleetApi.SystemNamespace, FleetApi.DefaultRepository)
            : new ObjectKey(reference.Namespace is { Length: > 0 } named ? named : templateNamespace, reference.Name);
        var repository = await client.Resource(FleetKinds.HelmRepositories).GetAsync(key, ct)
            ?? throw new TemplateChartException($"HelmRepository {key} does not exist", true);
        if (repository.Spec.Suspend == true)
            throw new TemplateChartException($"HelmRepository {key} is suspended", true);
        var spec = repository.Spec;
        if (spec.Type == "oci" && !spec.Url.StartsWith("oci://", StringComparison.Ordinal))
            throw new TemplateChartException($"HelmRepository {key}: type oci needs a URL that begins with oci://, not {spec.Url}", true);
        var login = await ReadSecretAsync(spec.SecretRef?.Name, key, ct);
        var certificates = spec.CertSecretRef is { } certSecret ? await ReadSecretAsync(certSecret.Name, key, ct) : login;
        return new RepositorySource(spec.Url)
        {
            Credentials = login.TryGetValue("username", out var user) ? new RepositoryCredentials(user, login.GetValueOrDefault("password", "")) : null,
            CaBundle = certificates.GetValueOrDefault("ca.crt") ?? certificates.GetValueOrDefault("caFile"),
            PlainHttp = spec.Insecure == true,
            PassCredentials = spec.PassCredentials == true,
        };
    }

    private async Task<Dictionary<string, string>> ReadSecretAsync(string? name, ObjectKey repository, CancellationToken ct)
    {
        if (name is null)
            return [];
        var key = new ObjectKey(repository.Namespace, name);
        var secret = await client.Dynamic(Secrets).GetAsync(key, ct)
            ?? throw new TemplateChartException($"HelmRepository {repository}: Secret {key} does not exist", true);
        var result = new Dictionary<string, string>();
        foreach (var (entry, value) in secret.At("data") as JsonObject ?? [])
            if (value is not null)
                result[entry] = Encoding.UTF8.GetString(Convert.FromBase64String((string)value!));
        return result;
    }
}
