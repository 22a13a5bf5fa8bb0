using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Fleet.Contracts.Sources;
using Fleet.Control.Kinds;
using Fleet.Helm.Repositories;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Resources;

namespace Fleet.Control.Templates;

/// <summary>Turns a HelmRepository and its Secrets into what charts are pulled from.</summary>
public sealed class RepositorySources(IKubernetesClient client)
{
    /// <summary>Problems name Secrets and keys, never what is in them.</summary>
    public async Task<RepositorySourceResult> ReadAsync(CustomResource<HelmRepositorySpec, HelmRepositoryStatus> repository, CancellationToken ct)
    {
        var spec = repository.Spec;
        var source = new RepositorySource(spec.Url)
        {
            PlainHttp = spec.Insecure ?? false,
            PassCredentials = spec.PassCredentials ?? false,
        };
        var @namespace = repository.Metadata.Namespace ?? "";
        if (spec.SecretRef is { } secretRef)
        {
            var key = new ObjectKey(@namespace, secretRef.Name);
            if (await ReadSecretAsync(key, ct) is not { } data)
                return new(null, $"Secret {key} of HelmRepository {repository.Metadata.Key} does not exist");
            if (CredentialsIn(data, spec.Url) is not { } credentials)
                return new(null, $"Secret {key} of HelmRepository {repository.Metadata.Key} has no username and password");
            source = source with { Credentials = credentials };
        }
        if (spec.CertSecretRef is { } certRef)
        {
            var key = new ObjectKey(@namespace, certRef.Name);
            if (await ReadSecretAsync(key, ct) is not { } data)
                return new(null, $"Secret {key} of HelmRepository {repository.Metadata.Key} does not exist");
            source = source with { CaBundle = Text(data, "ca.crt") };
        }
        return new(source, null);
    }

    private async Task<JsonObject?> ReadSecretAsync(ObjectKey key, CancellationToken ct) =>
        await client.Dynamic(CoreKinds.Secrets).GetAsync(key, ct) is { } secret ? secret.Root["data"] as JsonObject ?? [] : null;

    private static RepositoryCredentials? CredentialsIn(JsonObject data, string url)
    {
        if (Text(data, "username") is { } user && Text(data, "password") is { } password)
            return new(user, password);
        return Text(data, ".dockerconfigjson") is { } docker ? DockerCredentials(docker, new Uri(url).Authority) : null;
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

    private static string? Text(JsonObject data, string key)
    {
        try
        {
            return (string?)data[key] is { Length: > 0 } encoded ? Encoding.UTF8.GetString(Convert.FromBase64String(encoded)) : null;
        }
        catch (FormatException)
        {
            return null;
        }
    }
}

/// <summary>Either the source or the problem is set.</summary>
public sealed record RepositorySourceResult(RepositorySource? Source, string? Problem);
