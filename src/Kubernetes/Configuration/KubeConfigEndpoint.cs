using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Fleet.Kubernetes.Authentication;

namespace Fleet.Kubernetes.Configuration;

/// <summary>Turns the three entries that a context joins into an endpoint, checking each field on the way.</summary>
internal static class KubeConfigEndpoint
{
    internal static ClusterEndpoint Create(KubeConfigEntry context, KubeConfigEntry cluster, KubeConfigEntry? user, KubeConfigOptions options)
    {
        var server = cluster.Text("server") is { Length: > 0 } text
            && Uri.TryCreate(text.Contains("://", StringComparison.Ordinal) ? text : "https://" + text, UriKind.Absolute, out var uri) && uri.Scheme is "https" or "http"
            ? uri
            : throw cluster.Problem("server", "must be a URL such as https://host:6443");
        var insecure = cluster.Flag("insecure-skip-tls-verify");
        var authority = cluster.Pem("certificate-authority", options);
        if (insecure && authority is not null)
            throw cluster.Problem("insecure-skip-tls-verify", "and a certificate-authority cannot both be set");
        if (insecure && !options.AllowInsecureTls)
            throw cluster.Problem("insecure-skip-tls-verify", "is set, which is refused unless the caller allows it explicitly; give a certificate-authority instead");

        return new()
        {
            Server = server,
            CertificateAuthorityPem = CheckAuthority(cluster, authority),
            TlsServerName = cluster.Text("tls-server-name") is { Length: > 0 } name ? name : null,
            InsecureSkipTlsVerify = insecure,
            Proxy = ProxyOf(cluster),
            Namespace = context.Text("namespace") is { Length: > 0 } ns ? ns : "default",
            Credential = user is null ? ClusterCredential.Anonymous : CredentialOf(user, cluster, server, authority, options),
            Impersonate = user is null ? null : ImpersonationOf(user),
        };
    }

    private static string? CheckAuthority(KubeConfigEntry cluster, string? pem)
    {
        if (pem is not null && !pem.Contains("-----BEGIN CERTIFICATE-----", StringComparison.Ordinal))
            throw cluster.Problem("certificate-authority", "holds no PEM block CERTIFICATE");
        return pem;
    }

    private static Uri? ProxyOf(KubeConfigEntry cluster)
    {
        if (cluster.Text("proxy-url") is not { Length: > 0 } text)
            return null;
        // The value may hold a password, so it is not repeated.
        return Uri.TryCreate(text, UriKind.Absolute, out var proxy) && proxy.Scheme is "http" or "https" or "socks5" or "socks5h" && proxy.Host.Length > 0
            ? proxy
            : throw cluster.Problem("proxy-url", "must be a URL with scheme http, https or socks5");
    }

    private static ClusterCredential CredentialOf(KubeConfigEntry user, KubeConfigEntry cluster, Uri server, string? authority, KubeConfigOptions options)
    {
        var certificate = user.Pem("client-certificate", options);
        var key = user.Pem("client-key", options);
        if (certificate is null != key is null)
            throw user.Problem(certificate is null ? "client-certificate" : "client-key", "is missing; certificate and key belong together");
        var header = HeaderOf(user, cluster, server, authority, options);
        if (certificate is null || key is null)
            return header ?? ClusterCredential.Anonymous;
        try
        {
            return header is null ? ClusterCredential.Certificate(certificate, key) : ClusterCredential.WithCertificate(header, certificate, key);
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException)
        {
            throw user.Problem("client-certificate and client-key", "are not a PEM certificate and its unencrypted PEM key", e);
        }
    }

    /// <summary>In kubectl's order: a token file wins over a token, both over exec.</summary>
    private static ClusterCredential? HeaderOf(KubeConfigEntry user, KubeConfigEntry cluster, Uri server, string? authority, KubeConfigOptions options)
    {
        if (user.Fields["auth-provider"] is not null)
            throw user.Problem("auth-provider", "is no longer supported by Kubernetes; use exec");
        if (user.Text("tokenFile") is { Length: > 0 } file)
            return ClusterCredential.TokenFile(user.Resolve("tokenFile", file, options), options.Clock);
        if (user.Text("token") is { Length: > 0 } token)
            return ClusterCredential.Token(token);
        if (user.Text("username") is { Length: > 0 } name)
            return ClusterCredential.Basic(name, user.Text("password") ?? "");
        return user.Fields["exec"] switch
        {
            null => null,
            JsonObject when !options.AllowExec => throw user.Problem("exec", "starts a program, which is not allowed for this kubeconfig"),
            JsonObject exec => new ExecCredential(ExecPlugin.Read(user, exec, cluster, server, authority), options.Clock),
            _ => throw user.Problem("exec", "must be a mapping"),
        };
    }

    private static Impersonation? ImpersonationOf(KubeConfigEntry user)
    {
        if (user.Text("as") is not { Length: > 0 } name)
            return user.Fields["as-groups"] is null && user.Fields["as-uid"] is null ? null : throw user.Problem("as", "is missing beside as-groups or as-uid");
        try
        {
            return new(name)
            {
                Uid = user.Text("as-uid"),
                Groups = [.. (user.Fields["as-groups"] as JsonArray ?? []).Select(g => g!.GetValue<string>())],
                Extra = (user.Fields["as-user-extra"] as JsonObject ?? [])
                    .ToDictionary(e => e.Key, e => (IReadOnlyList<string>)[.. e.Value!.AsArray().Select(v => v!.GetValue<string>())]),
            };
        }
        catch (Exception e) when (e is InvalidOperationException or NullReferenceException)
        {
            throw user.Problem("as-groups and as-user-extra", "must be lists of strings", e);
        }
    }
}
