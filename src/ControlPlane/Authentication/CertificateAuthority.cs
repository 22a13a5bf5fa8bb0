using System.Net;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Fleet.ControlPlane.Hosting;

namespace Fleet.ControlPlane.Authentication;

/// <summary>
/// The control plane's own CA (P-256): signs the server's certificate and client certificates. A client certificate names the cluster that
/// it is good for (OU), because one CA serves all clusters of the process.
/// </summary>
internal sealed class CertificateAuthority
{
    private static readonly TimeSpan AuthorityLife = TimeSpan.FromDays(3650);
    private static readonly TimeSpan LeafLife = TimeSpan.FromDays(365);
    private static readonly TimeSpan RenewBefore = TimeSpan.FromDays(60);

    private readonly X509Certificate2 authority;
    private readonly TimeProvider clock;
    private readonly Lock gate = new();
    private X509Certificate2? server;
    private SslStreamCertificateContext? context;

    private CertificateAuthority(X509Certificate2 authority, TimeProvider clock)
    {
        this.authority = authority;
        this.clock = clock;
        CertificatePem = authority.ExportCertificatePem() + "\n";
    }

    public string CertificatePem { get; }

    public static CertificateAuthority Open(ControlPlaneFiles files, TimeProvider clock)
    {
        var now = clock.GetUtcNow();
        if (File.Exists(files.CertificateAuthority) && File.Exists(files.CertificateAuthorityKey))
        {
            var kept = X509Certificate2.CreateFromPemFile(files.CertificateAuthority, files.CertificateAuthorityKey);
            if (kept.NotAfter.ToUniversalTime() > now.UtcDateTime + LeafLife) return new(kept, clock);
            kept.Dispose();
        }
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=fleet-control-plane", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, true, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.DigitalSignature, true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        var made = request.CreateSelfSigned(now.AddMinutes(-5), now + AuthorityLife);
        ControlPlaneFiles.WriteSecret(files.CertificateAuthorityKey, key.ExportECPrivateKeyPem() + "\n");
        File.WriteAllText(files.CertificateAuthority, made.ExportCertificatePem() + "\n");
        return new(made, clock);
    }

    /// <summary>The server's certificate with its chain; a new one when the present one is about to expire. Asked at every handshake.</summary>
    public SslStreamCertificateContext ServerContext()
    {
        lock (gate)
        {
            if (server is { } present && present.NotAfter.ToUniversalTime() > clock.GetUtcNow().UtcDateTime + RenewBefore) return context!;
            var names = new SubjectAlternativeNameBuilder();
            names.AddDnsName("localhost");
            names.AddDnsName("kubernetes.default.svc");
            names.AddIpAddress(IPAddress.Loopback);
            names.AddIpAddress(IPAddress.IPv6Loopback);
            var (certificate, key) = Sign("CN=fleet-apiserver", "1.3.6.1.5.5.7.3.1", names.Build());
            using (key) server = certificate.CopyWithPrivateKey(key);
            return context = SslStreamCertificateContext.Create(server, [authority], offline: true);
        }
    }

    /// <summary>Who a client certificate stands for, or null when this CA has not signed it, it has expired, or it is for another cluster.</summary>
    public UserIdentity? Identify(X509Certificate2 client, string cluster)
    {
        var now = clock.GetUtcNow().UtcDateTime;
        if (client.NotAfter.ToUniversalTime() < now || client.NotBefore.ToUniversalTime() > now) return null;
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.Add(authority);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.VerificationTime = now;
        chain.ChainPolicy.ApplicationPolicy.Add(new Oid("1.3.6.1.5.5.7.3.2"));
        if (!chain.Build(client)) return null;
        string? user = null;
        var groups = new List<string>();
        var goodHere = false;
        foreach (var part in client.SubjectName.EnumerateRelativeDistinguishedNames())
        {
            if (part.HasMultipleElements) continue;
            switch (part.GetSingleElementType().Value)
            {
                case "2.5.4.3": user = part.GetSingleElementValue(); break;
                case "2.5.4.10": groups.Add(part.GetSingleElementValue() ?? ""); break;
                case "2.5.4.11": goodHere |= part.GetSingleElementValue() == ClusterUnit(cluster); break;
            }
        }
        return goodHere && user is { Length: > 0 } ? UserIdentity.Authenticated(user, "", groups) : null;
    }

    /// <summary>PEM of a client certificate and its key.</summary>
    public (string Certificate, string Key) IssueClient(string cluster, string user, IReadOnlyList<string> groups)
    {
        var subject = new X500DistinguishedNameBuilder();
        subject.AddOrganizationalUnitName(ClusterUnit(cluster));
        foreach (var group in groups) subject.AddOrganizationName(group);
        subject.AddCommonName(user);
        var (certificate, key) = Sign(subject.Build(), "1.3.6.1.5.5.7.3.2", null);
        using (key)
        using (certificate)
            return (certificate.ExportCertificatePem() + "\n", key.ExportECPrivateKeyPem() + "\n");
    }

    public string AdminKubeconfig(string server, string cluster)
    {
        var (certificate, key) = IssueClient(cluster, "kubernetes-admin", ["system:masters"]);
        return Kubeconfig.WithCertificate(server, cluster, CertificatePem, certificate, key);
    }

    private static string ClusterUnit(string cluster) => $"cluster:{cluster}";

    private (X509Certificate2 Certificate, ECDsa Key) Sign(string subject, string usage, X509Extension? names) =>
        Sign(new X500DistinguishedName(subject), usage, names);

    private (X509Certificate2 Certificate, ECDsa Key) Sign(X500DistinguishedName subject, string usage, X509Extension? names)
    {
        var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(subject, key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(usage)], false));
        if (names is not null) request.CertificateExtensions.Add(names);
        var now = clock.GetUtcNow();
        var serial = RandomNumberGenerator.GetBytes(16);
        serial[0] &= 0x7F;
        return (request.Create(authority, now.AddMinutes(-5), now + LeafLife, serial), key);
    }
}
