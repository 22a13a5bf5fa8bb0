using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Fleet.Control.Kinds;
using Fleet.Helm.Errors;
using Fleet.Helm.Repositories;
using Fleet.Helm.Signatures;
using Fleet.Contracts.Sources;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Resources;

namespace Fleet.Control.Templates;

/// <summary>Reads the Secrets that sources name. Problems name Secrets and keys, never what is in them.</summary>
public sealed class SourceSecrets(IKubernetesClient client)
{
    /// <summary>Empty when none is named. Throws <see cref="TemplateChartException"/> when it does not exist.</summary>
    /// <param name="name">Name in the namespace of the source.</param>
    /// <param name="source">Kind and key of the source, for messages.</param>
    /// <param name="namespace">Of the source.</param>
    /// <param name="ct">Ends the read.</param>
    public async Task<IReadOnlyDictionary<string, string>> ReadAsync(string? name, string source, string @namespace, CancellationToken ct)
    {
        if (name is not { Length: > 0 })
            return new Dictionary<string, string>();
        var key = new ObjectKey(@namespace, name);
        var secret = await client.Dynamic(CoreKinds.Secrets).GetAsync(key, ct)
            ?? throw new TemplateChartException($"{source}: Secret {key} does not exist", true);
        var result = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (entry, value) in secret.At("data") as JsonObject ?? [])
            if (value is not null)
                result[entry] = Encoding.UTF8.GetString(Convert.FromBase64String((string)value!));
        return result;
    }

    /// <summary>User and password, or what a docker configuration has for the host of the URL.</summary>
    public static RepositoryCredentials? CredentialsIn(IReadOnlyDictionary<string, string> secret, string url)
    {
        if (secret.TryGetValue("username", out var user))
            return new(user, secret.GetValueOrDefault("password", ""));
        return secret.TryGetValue(".dockerconfigjson", out var docker) && Uri.TryCreate(url, UriKind.Absolute, out var uri)
            ? DockerCredentials(docker, uri.Authority)
            : null;
    }

    public static string? AuthorityIn(IReadOnlyDictionary<string, string> secret) => secret.GetValueOrDefault("ca.crt") ?? secret.GetValueOrDefault("caFile");

    /// <summary>The keys that a signature is checked with; null when no check is asked for. What can not be checked here is refused, never passed over.</summary>
    public async Task<CosignKeys?> KeysAsync(SignatureVerification? verify, string source, string @namespace, CancellationToken ct)
    {
        if (verify is null)
            return null;
        if (verify.Provider != "cosign")
            throw new TemplateChartException($"{source}: verify.provider {verify.Provider} is not supported; use cosign with a public key", false);
        if (verify.SecretRef is not { Name.Length: > 0 } reference)
            throw new TemplateChartException($"{source}: verify without secretRef is keyless, which is not supported; name a Secret with public keys (entries *.pub)", false);
        var secret = await ReadAsync(reference.Name, source, @namespace, ct);
        try
        {
            return new(secret.Where(entry => entry.Key.EndsWith(".pub", StringComparison.Ordinal))
                .ToDictionary(entry => $"Secret {@namespace}/{reference.Name}, key {entry.Key}", entry => entry.Value));
        }
        catch (HelmException e)
        {
            throw new TemplateChartException($"{source}: {e.Message}", true);
        }
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
