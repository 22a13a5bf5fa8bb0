using System.Text;
using System.Text.Json.Nodes;
using Fleet.Control.Kinds;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Resources;

namespace Fleet.ClusterManager.Credentials;

/// <summary>Reads Secrets, checks their values and forgets them at once.</summary>
internal sealed class SecretShapes(IKubernetesClient client, TimeProvider clock)
{
    public async Task<SecretShape> ReadAsync(ObjectKey key, CancellationToken ct) =>
        await client.Dynamic(CoreKinds.Secrets).GetAsync(key, ct) is { } secret ? Of(key, secret.Root, clock.GetUtcNow()) : SecretShape.Missing(key);

    public static SecretShape Of(ObjectKey key, JsonObject secret, DateTimeOffset now)
    {
        var filled = new HashSet<string>();
        var problems = new Dictionary<string, string>();
        foreach (var (name, value) in secret["data"] as JsonObject ?? [])
        {
            if ((string?)value is not { Length: > 0 } encoded)
                continue;
            filled.Add(name);
            if (Decode(encoded) is { } text && IdentityContents.Problem(name, text, now) is { } problem)
                problems.Add(name, problem);
        }
        return new(key, true, filled) { Problems = problems };
    }

    /// <summary>The text of a key; null when it is missing or is no base64, which no API server lets through.</summary>
    public static string? Text(JsonObject secret, string key) =>
        (secret["data"] as JsonObject)?[key] is JsonValue value && value.TryGetValue<string>(out var encoded) && encoded.Length > 0 ? Decode(encoded) : null;

    private static string? Decode(string encoded)
    {
        try
        {
            return Encoding.UTF8.GetString(Convert.FromBase64String(encoded));
        }
        catch (FormatException)
        {
            return null;
        }
    }
}
