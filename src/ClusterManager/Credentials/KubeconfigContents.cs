using System.Buffers.Text;
using System.Globalization;
using System.Text.Json;
using Fleet.Kubernetes.Authentication;
using Fleet.Kubernetes.Configuration;

namespace Fleet.ClusterManager.Credentials;

/// <summary>What can be told of a kubeconfig without calling its server. Pure; messages hold nothing of it but names.</summary>
internal static class KubeconfigContents
{
    public static string? Problem(string text, DateTimeOffset now)
    {
        ClusterEndpoint endpoint;
        try
        {
            endpoint = KubeConfig.Parse(text, "kubeconfig").Endpoint(new() { AllowExec = false, AllowFiles = false });
        }
        catch (KubeConfigException e)
        {
            return $"is no kubeconfig that Fleet can use: {e.Message}";
        }
        // Nothing is read or started: neither files nor programs are allowed above.
        var material = endpoint.Credential.GetAsync(CancellationToken.None);
        return material.IsCompletedSuccessfully && Expiry(material.Result) is { } expiry && expiry <= now
            ? string.Create(CultureInfo.InvariantCulture, $"has a client credential that expired on {expiry:yyyy-MM-dd HH:mm}Z")
            : null;
    }

    private static DateTimeOffset? Expiry(CredentialMaterial material)
    {
        if (material.Authorization is { Scheme: "Bearer", Parameter: { } token })
            return OfToken(token);
        return material.ClientCertificates is [var certificate, ..] ? certificate.NotAfter.ToUniversalTime() : null;
    }

    /// <summary>The claim <c>exp</c> (RFC 7519) of a token that is a JWT; other tokens do not say when they end.</summary>
    private static DateTimeOffset? OfToken(string token)
    {
        if (token.Split('.') is not [_, var payload, _])
            return null;
        try
        {
            using var claims = JsonDocument.Parse(Base64Url.DecodeFromChars(payload));
            return claims.RootElement.ValueKind == JsonValueKind.Object && claims.RootElement.TryGetProperty("exp", out var exp) && exp.TryGetInt64(out var seconds)
                ? DateTimeOffset.FromUnixTimeSeconds(Math.Clamp(seconds, 0, DateTimeOffset.MaxValue.ToUnixTimeSeconds()))
                : null;
        }
        catch (Exception e) when (e is JsonException or FormatException or InvalidOperationException)
        {
            return null;
        }
    }
}
