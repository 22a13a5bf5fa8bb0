using Fleet.Contracts.Sources;
using Fleet.Helm.Repositories;
using Fleet.Kubernetes.Objects;

namespace Fleet.Control.Templates;

/// <summary>Turns a HelmRepository and its Secrets into what charts are pulled from.</summary>
public sealed class RepositorySources(SourceSecrets secrets)
{
    /// <summary>Throws <see cref="TemplateChartException"/> when the repository or its Secret is not usable.</summary>
    public async Task<RepositorySource> ReadAsync(CustomResource<HelmRepositorySpec, HelmRepositoryStatus> repository, CancellationToken ct)
    {
        var spec = repository.Spec;
        var key = repository.Metadata.Key;
        var shown = $"HelmRepository {key}";
        if (spec.Suspend == true)
            throw new TemplateChartException($"{shown} is suspended", true);
        if (spec.Type == "oci" && !spec.Url.StartsWith("oci://", StringComparison.Ordinal))
            throw new TemplateChartException($"{shown}: type oci needs a URL that begins with oci://, not {spec.Url}", true);
        var login = await secrets.ReadAsync(spec.SecretRef?.Name, shown, key.Namespace, ct);
        var certificates = spec.CertSecretRef is { } certSecret ? await secrets.ReadAsync(certSecret.Name, shown, key.Namespace, ct) : login;
        return new RepositorySource(spec.Url)
        {
            Credentials = SourceSecrets.CredentialsIn(login, spec.Url),
            CaBundle = SourceSecrets.AuthorityIn(certificates),
            PlainHttp = spec.Insecure == true,
            PassCredentials = spec.PassCredentials == true,
        };
    }
}
