using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using Fleet.Kubernetes.Yaml;

namespace Fleet.ClusterManager.Credentials;

/// <summary>
/// Whether the value of a Secret's key is what a provider can use, as far as that can be told without asking anybody. Pure. What it says never
/// repeats a value. Keys are the providers' own, so one table serves all of them; a key that is not listed may hold anything.
/// </summary>
internal static class IdentityContents
{
    private static readonly Dictionary<string, Func<string, DateTimeOffset, string?>> Checks = new(StringComparer.Ordinal)
    {
        ["AccessKeyID"] = Word,
        ["SecretAccessKey"] = Word,
        ["SessionToken"] = Word,
        ["clientSecret"] = Word,
        ["username"] = OneLine,
        ["password"] = OneLine,
        ["AZURE_CLIENT_ID"] = Guid,
        ["AZURE_SUBSCRIPTION_ID"] = Guid,
        // A tenant may be named by its domain.
        ["AZURE_TENANT_ID"] = Word,
        ["AZURE_CLIENT_SECRET"] = Word,
        ["credentials"] = ServiceAccount,
        ["clouds.yaml"] = Clouds,
        ["kubeconfig"] = KubeconfigContents.Problem,
        ["value"] = (text, now) => IsPrivateKey(text) ? null : KubeconfigContents.Problem(text, now),
    };

    private static readonly string[] ServiceAccountFields = ["client_email", "private_key", "token_uri"];

    /// <summary>Null when nothing is wrong with it.</summary>
    public static string? Problem(string key, string text, DateTimeOffset now) => Checks.GetValueOrDefault(key)?.Invoke(text, now);

    // `echo secret | base64` puts a line break into the secret, and the provider then answers that the signature does not match.
    private static string? Word(string text, DateTimeOffset now) =>
        text.Any(char.IsWhiteSpace) ? "has white space in it (a line break at its end?)" : null;

    private static string? OneLine(string text, DateTimeOffset now) =>
        text.AsSpan().Trim().Length != text.Length || text.Contains('\n', StringComparison.Ordinal) ? "has white space around it (a line break at its end?)" : null;

    private static string? Guid(string text, DateTimeOffset now) => System.Guid.TryParseExact(text, "D", out _) ? null : "is no GUID";

    /// <summary>
    /// Keys of service accounts have all of these fields; other types (external accounts, authorized users) are let through.
    /// Source: Google Cloud, "Create and delete service account keys".
    /// </summary>
    private static string? ServiceAccount(string text, DateTimeOffset now)
    {
        JsonObject? file;
        try
        {
            file = JsonNode.Parse(text) as JsonObject;
        }
        catch (JsonException)
        {
            file = null;
        }
        if (file is null)
            return "is no JSON object, but a service account's key file is";
        if (Text(file, "type") is not { Length: > 0 } type)
            return "has no field type, so it is no credentials file of Google Cloud";
        if (type != "service_account")
            return null;
        var missing = ServiceAccountFields.Where(field => Text(file, field) is not { Length: > 0 }).ToList();
        if (missing.Count > 0)
            return $"lacks {string.Join(", ", missing)}";
        return IsRsaKey(Text(file, "private_key")!) ? null : "has a private_key that is no PEM key";
    }

    /// <summary>Source: OpenStack, "Configuring os-client-config applications" (clouds.yaml).</summary>
    private static string? Clouds(string text, DateTimeOffset now)
    {
        JsonNode? file;
        try
        {
            file = KubernetesYaml.Parse(text);
        }
        catch (KubernetesYamlException)
        {
            return "is no YAML";
        }
        if (file is not JsonObject root || root["clouds"] is not JsonObject { Count: > 0 } clouds)
            return "has no clouds";
        foreach (var (name, cloud) in clouds)
            if (cloud?["auth"] is not JsonObject auth || !Uri.TryCreate(Text(auth, "auth_url"), UriKind.Absolute, out _))
                return $"has no URL in clouds.{name}.auth.auth_url";
        return null;
    }

    /// <summary>Of machines that are reached by SSH; it shares its key <c>value</c> with kubeconfigs.</summary>
    public static bool IsPrivateKey(string text) =>
        text.Contains("-----BEGIN ", StringComparison.Ordinal) && text.Contains("PRIVATE KEY-----", StringComparison.Ordinal)
        && !text.Contains("apiVersion:", StringComparison.Ordinal);

    private static bool IsRsaKey(string pem)
    {
        using var key = RSA.Create();
        try
        {
            key.ImportFromPem(pem);
            return true;
        }
        catch (Exception e) when (e is ArgumentException or CryptographicException)
        {
            return false;
        }
    }

    private static string? Text(JsonObject map, string field) =>
        map[field] is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;
}
