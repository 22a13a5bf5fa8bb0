using System.Net.Http.Headers;
using System.Security.Cryptography.X509Certificates;

namespace Fleet.Kubernetes.Authentication;

/// <summary>What one request is authenticated with. A class, not a record, so that nothing prints it.</summary>
public sealed class CredentialMaterial
{
    public static CredentialMaterial None { get; } = new();

    public AuthenticationHeaderValue? Authorization { get; init; }

    /// <summary>Leaf with its private key, followed by intermediates.</summary>
    public X509Certificate2Collection? ClientCertificates { get; init; }
}
