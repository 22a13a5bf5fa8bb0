using System.Net;
using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Fleet.Kubernetes.Authentication;
using Fleet.Kubernetes.Configuration;

namespace Fleet.Kubernetes.Http;

/// <summary>Makes the connection pool of one endpoint and one client certificate.</summary>
internal static class ConnectionFactory
{
    internal static SocketsHttpHandler Create(ClusterEndpoint endpoint, CredentialMaterial credential, KubernetesClientOptions options)
    {
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            // Only the kubeconfig decides about proxies; variables of the environment must not bend traffic that carries tokens.
            UseProxy = endpoint.Proxy is not null,
            Proxy = endpoint.Proxy is { } proxy ? ProxyOf(proxy) : null,
            AutomaticDecompression = options.Compression ? DecompressionMethods.GZip : DecompressionMethods.None,
            ConnectTimeout = options.ConnectTimeout,
            EnableMultipleHttp2Connections = true,
            KeepAlivePingDelay = options.Ping,
            KeepAlivePingTimeout = TimeSpan.FromSeconds(15),
            KeepAlivePingPolicy = HttpKeepAlivePingPolicy.WithActiveRequests,
            PooledConnectionIdleTimeout = options.IdleTimeout,
            PooledConnectionLifetime = TimeSpan.FromMinutes(15),
            SslOptions = TlsOf(endpoint, credential),
        };
        if (endpoint.TlsServerName is { Length: > 0 } && endpoint.Server.Scheme == Uri.UriSchemeHttps)
        {
            // SocketsHttpHandler always takes the name for SNI from the request, so the TLS layer is made here.
            var tls = TlsOf(endpoint, credential);
            tls.TargetHost = endpoint.TlsServerName;
            tls.ApplicationProtocols = options.Http2
                ? [SslApplicationProtocol.Http2, SslApplicationProtocol.Http11]
                : [SslApplicationProtocol.Http11];
            var dialer = new TlsDialer(endpoint.Proxy, tls);
            handler.UseProxy = false;
            handler.Proxy = null;
            handler.ConnectCallback = dialer.ConnectAsync;
        }

        return handler;
    }

    private static WebProxy ProxyOf(Uri proxy)
    {
        var result = new WebProxy(new UriBuilder(proxy) { UserName = "", Password = "" }.Uri);
        if (ProxyDialer.CredentialsOf(proxy) is { } credentials)
            result.Credentials = credentials;
        return result;
    }

    internal static SslClientAuthenticationOptions TlsOf(ClusterEndpoint endpoint, CredentialMaterial credential)
    {
        var tls = new SslClientAuthenticationOptions
        {
            EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
            CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
        };
        if (endpoint.InsecureSkipTlsVerify)
        {
            // The caller has allowed this explicitly; see KubeConfigOptions.AllowInsecureTls.
#pragma warning disable CA5359
            tls.RemoteCertificateValidationCallback = (_, _, _, _) => true;
#pragma warning restore CA5359
        }
        else if (endpoint.CertificateAuthorityPem is { Length: > 0 } pem)
        {
            var roots = new X509Certificate2Collection();
            try
            {
                roots.ImportFromPem(pem);
            }
            catch (CryptographicException e)
            {
                throw new KubeConfigException("the certificate authority is not valid PEM", e);
            }

            if (roots.Count == 0)
                throw new KubeConfigException("the certificate authority holds no PEM block CERTIFICATE");
            tls.CertificateChainPolicy = new()
            {
                TrustMode = X509ChainTrustMode.CustomRootTrust,
                RevocationMode = X509RevocationMode.NoCheck,
            };
            tls.CertificateChainPolicy.CustomTrustStore.AddRange(roots);
        }

        if (credential.ClientCertificates is { Count: > 0 } own)
        {
            var intermediates = new X509Certificate2Collection(own.Skip(1).ToArray());
            tls.ClientCertificateContext = SslStreamCertificateContext.Create(own[0], intermediates, offline: true);
        }

        return tls;
    }
}
