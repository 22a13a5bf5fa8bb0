using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Fleet.Testing.ApiServers;

/// <summary>The certificate authority of one test cluster, and what it signs.</summary>
public sealed class ClusterCertificates : IDisposable
{
    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly X509Certificate2 _authority;
    private readonly DateTimeOffset _from;

    public ClusterCertificates(TimeProvider time)
    {
        // An hour back, so that a clock that is a little off does not matter.
        _from = time.GetUtcNow().AddHours(-1);
        var request = new CertificateRequest("CN=fleet-test-ca", _key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: false, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.DigitalSignature, critical: true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        _authority = request.CreateSelfSigned(_from, _from.AddDays(30));
    }

    public string AuthorityPem => _authority.ExportCertificatePem() + "\n";

    /// <summary>A server certificate for 127.0.0.1 and the names of the API server.</summary>
    public KeyPair IssueServer()
    {
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        foreach (var name in new[] { "localhost", "kubernetes", "kubernetes.default", "kubernetes.default.svc", "kubernetes.default.svc.cluster.local" })
        {
            names.AddDnsName(name);
        }

        return Issue(Name("kube-apiserver", []), "1.3.6.1.5.5.7.3.1", _from.AddDays(29), names.Build());
    }

    /// <summary>A client certificate: the user is the common name, the groups are organisations, as Kubernetes reads them.</summary>
    public KeyPair IssueClient(string user, IEnumerable<string> groups, TimeSpan? validFor = null) =>
        Issue(Name(user, groups), "1.3.6.1.5.5.7.3.2", validFor is { } span ? _from.AddHours(1) + span : _from.AddDays(29), names: null);

    /// <summary>An RSA pair for service account tokens.</summary>
    public static KeyPair NewServiceAccountKeys()
    {
        using var rsa = RSA.Create(2048);
        return new KeyPair(rsa.ExportSubjectPublicKeyInfoPem() + "\n", rsa.ExportPkcs8PrivateKeyPem() + "\n");
    }

    /// <inheritdoc />
    public void Dispose()
    {
        _authority.Dispose();
        _key.Dispose();
    }

    private static X500DistinguishedName Name(string commonName, IEnumerable<string> organisations)
    {
        var name = new X500DistinguishedNameBuilder();
        foreach (var organisation in organisations)
        {
            name.AddOrganizationName(organisation);
        }

        name.AddCommonName(commonName);
        return name.Build();
    }

    private KeyPair Issue(X500DistinguishedName subject, string usage, DateTimeOffset until, X509Extension? names)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(subject, key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(usage)], critical: false));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, critical: true));
        if (names is not null)
        {
            request.CertificateExtensions.Add(names);
        }

        using var certificate = request.Create(_authority, _from, until, RandomNumberGenerator.GetBytes(16));
        return new KeyPair(certificate.ExportCertificatePem() + "\n", key.ExportPkcs8PrivateKeyPem() + "\n");
    }
}

/// <summary>A certificate (or a public key) and its private key, both PEM.</summary>
public sealed record KeyPair(string PublicPem, string PrivatePem);
