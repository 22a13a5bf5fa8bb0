using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Fleet.Contracts.Sources;
using Fleet.Control.Kinds;
using Fleet.Helm.Repositories;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Resources;

namespace Fleet.Control.Templates;

/// <summary>Turns a HelmRepository and its Secrets into what charts are pulled from. Problems name Secrets and keys, never what is in them.</summary>
public sealed class RepositorySources(IKubernetesClient client)
{
    /// <summary>Throws <see cref="TemplateChartException"/> when the repository or its Secret is not usable.</summary>
    public async Task<RepositorySource> ReadAsync(CustomResource<HelmRepositorySpec, HelmRepositoryStatus> repository, CancellationToken ct)
    {
        var spec = repository.Spec;
        var key = repository.Metadata.Key;
        if (spec.Suspend == true)
            throw new TemplateChartException($"HelmRepository {key} is suspended", true);
        if (spec.Type == "oci" && !spec.Url.StartsWith("oci://", StringComparison.Ordinal))
            throw new TemplateChartException($"HelmRepository {key}: type oci needs a URL that begins with oci://, not {spec.Url}", true);
        var login = await ReadSecretAsync(spec.SecretRef?.Name, key, ct);
        var certificates = spec.CertSecretRef is { } certSecret ? await ReadSecretAsync(certSecret.Name, key, ct) : login;
        return new RepositorySource(spec.Url)
        {
            Credentials = CredentialsIn(login, spec.Url),
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
        var secret = await client.Dynamic(CoreKinds.Secrets).GetAsync(key, ct)
            ?? throw new TemplateChartException($"HelmRepository {repository}: Secret {key} does not exist", true);
        var result = new Dictionary<string, string>();
        foreach (var (entry, value) in secret.At("data") as JsonObject ?? [])
            if (value is not null)
                result[entry] = Encoding.UTF8.GetString(Convert.FromBase64String((string)value!));
        return result;
    }

    private static RepositoryCredentials? CredentialsIn(Dictionary<string, string> secret, string url)
    {
        if (secret.TryGetValue("username", out var user))
            return new(user, secret.GetValueOrDefault("password", ""));
        return secret.TryGetValue(".dockerconfigjson", out var docker) ? DockerCredentials(docker, new Uri(url).Authority) : null;
    }

    private static RepositoryCredentials? DockerCredentials(string text, string host)
    {
        try
        {
            if (JsonNode.Parse(text)?["auths"]?[host] is not JsonObject entry)
                return null;
            if ((string?)entry["username"] is { } user && (string?)entry["password"] is { } password)
                return new(user, password);
            var joined = Encoding.UTF8.GetString(Convert.FromBase64String((string?)entry["auth"] ?? ""));
            var colon = joined.IndexOf(':', StringComparison.Ordinal);
            return colon < 0 ? null : new(joined[..colon], joined[(colon + 1)..]);
        }
        catch (Exception e) when (e is JsonException or FormatException or InvalidOperationException)
        {
            return null;
        }
    }
}
