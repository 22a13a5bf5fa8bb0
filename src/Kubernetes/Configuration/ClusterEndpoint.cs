using Fleet.Kubernetes.Authentication;

namespace Fleet.Kubernetes.Configuration;

/// <summary>Where an API server is, how it is trusted and as whom it is called. Prints no secret.</summary>
public sealed record ClusterEndpoint
{
    /// <summary>With the path prefix of the cluster where there is one.</summary>
    public required Uri Server { get; init; }

    /// <summary>One or more PEM certificates. Null means the system's trust store.</summary>
    public string? CertificateAuthorityPem { get; init; }

    /// <summary>Name to send as SNI and to check the certificate against, instead of the server's host. The Host header stays.</summary>
    public string? TlsServerName { get; init; }

    /// <summary>Accepts any certificate. Loaders refuse to set it unless the caller allows it.</summary>
    public bool InsecureSkipTlsVerify { get; init; }

    /// <summary>http, https or socks5; user information in it is sent to the proxy.</summary>
    public Uri? Proxy { get; init; }

    public ClusterCredential Credential { get; init; } = ClusterCredential.Anonymous;

    public Impersonation? Impersonate { get; init; }

    /// <summary>Namespace that the context names, else <c>default</c>.</summary>
    public string Namespace { get; init; } = "default";

    public override string ToString() => Server.GetComponents(UriComponents.SchemeAndServer | UriComponents.Path, UriFormat.UriEscaped);
}

/// <summary>Acting as somebody else (<c>Impersonate-*</c> headers).</summary>
public sealed record Impersonation(string User)
{
    public string? Uid { get; init; }
    public IReadOnlyList<string> Groups { get; init; } = [];
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Extra { get; init; } = new Dictionary<string, IReadOnlyList<string>>();
}
