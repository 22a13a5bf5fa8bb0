using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Fleet.Kubernetes.Tests.Scripted;

/// <summary>A certificate authority for one test.</summary>
internal sealed class TestAuthority : IDisposable
{
    private readonly ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly X509Certificate2 authority;
    private readonly DateTimeOffset now = TimeProvider.System.GetUtcNow();

    internal TestAuthority()
    {
        var request = new CertificateRequest("CN=test-ca", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        authority = request.CreateSelfSigned(now.AddDays(-2), now.AddDays(1));
    }

    internal string Pem => authority.ExportCertificatePem();

    internal X509Certificate2 Server(string? dnsName, bool expired = false)
    {
        using var rsa = RSA.Create(2048);
        var request = new CertificateRequest("CN=server", rsa, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var names = new SubjectAlternativeNameBuilder();
        if (dnsName is null)
            names.AddIpAddress(IPAddress.Loopback);
        else
            names.AddDnsName(dnsName);
        request.CertificateExtensions.Add(names.Build());
        var (from, to) = expired ? (now.AddDays(-2), now.AddDays(-1)) : (now.AddDays(-1), now.AddHours(12));
        using var signed = request.Create(authority.SubjectName, X509SignatureGenerator.CreateForECDsa(key), from, to, RandomNumberGenerator.GetBytes(8));
        return signed.CopyWithPrivateKey(rsa);
    }

    /// <summary>PEM of a client certificate and of its key, in the form that openssl writes for the algorithm.</summary>
    internal (string Certificate, string Key) Client(string user, bool rsa)
    {
        if (rsa)
        {
            using var own = RSA.Create(2048);
            return (Sign(new($"CN={user}", own, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)), own.ExportRSAPrivateKeyPem());
        }

        using var ec = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return (Sign(new($"CN={user}", ec, HashAlgorithmName.SHA256)), ec.ExportECPrivateKeyPem());
    }

    private string Sign(CertificateRequest request)
    {
        using var signed = request.Create(authority.SubjectName, X509SignatureGenerator.CreateForECDsa(key), now.AddDays(-1), now.AddHours(12), RandomNumberGenerator.GetBytes(8));
        return signed.ExportCertificatePem();
    }

    public void Dispose()
    {
        authority.Dispose();
        key.Dispose();
    }
}
