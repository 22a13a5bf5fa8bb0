using System.Security.Cryptography.X509Certificates;
using Fleet.Kubernetes.Http;

namespace Fleet.Sources;

/// <summary>Connections to servers that users name: to no forbidden address, whatever a name means by then; without redirects and cookies.</summary>
internal static class GuardedHandler
{
    /// <param name="authority">PEM of what is trusted; absent: the system's.</param>
    public static SocketsHttpHandler Create(string? authority)
    {
        var handler = new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, ConnectCallback = ForbiddenAddresses.ConnectAsync };
        if (authority is not { Length: > 0 } pem)
            return handler;
        var roots = new X509Certificate2Collection();
        roots.ImportFromPem(pem);
        handler.SslOptions.CertificateChainPolicy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        handler.SslOptions.CertificateChainPolicy.CustomTrustStore.AddRange(roots);
        return handler;
    }
}
