using System.Text;
using Fleet.Contracts.References;
using Fleet.Control.Kinds;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Resources;

namespace Fleet.ClusterManager.References;

/// <summary>Reads single values of Secrets. Problems name the Secret and the key, never a value.</summary>
internal sealed class SecretValues(IKubernetesClient client)
{
    public static ObjectKey KeyOf(SecretKeyReference reference, string @namespace) =>
        new(reference.Namespace is { Length: > 0 } named ? named : @namespace, reference.Name ?? "");

    public async Task<(string? Value, string? Problem)> ReadAsync(SecretKeyReference reference, string @namespace, CancellationToken ct)
    {
        var key = KeyOf(reference, @namespace);
        if (await client.Dynamic(CoreKinds.Secrets).GetAsync(key, ct) is not { } secret)
            return (null, $"Secret {key} does not exist");
        return TextOf(secret, reference.Key) is { } value ? (value, null) : (null, $"secret {key} does not contain {reference.Key} key");
    }

    /// <summary>Certificates only, whatever else the Secret holds.</summary>
    public async Task<(string? Value, string? Problem)> ReadCertificatesAsync(SecretKeyReference reference, string @namespace, CancellationToken ct)
    {
        var (value, problem) = await ReadAsync(reference, @namespace, ct);
        if (value is not { Length: > 0 })
            return (value, problem);
        return PemCertificates.Of(value) is { } certificates ? (certificates, null) : (null, $"{reference.Key} of Secret {KeyOf(reference, @namespace)} holds no certificate in PEM");
    }

    /// <summary>Null when there is no such key, or it is no text.</summary>
    public static string? TextOf(DynamicObject secret, string key)
    {
        if (secret.At("data", key) is not { } encoded || encoded.GetValueKind() != System.Text.Json.JsonValueKind.String)
            return null;
        try
        {
            return Encoding.UTF8.GetString(Convert.FromBase64String((string)encoded!));
        }
        catch (FormatException)
        {
            return null;
        }
    }
}
