using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Fleet.Testing.Servers;

/// <summary>An authority of a test's own, which signs what the test asks for.</summary>
public sealed class TestAuthority : IDisposable
{
    private readonly X509Certificate2 authority;

    /// <param name="name">Common name.</param>
    /// <param name="above">Who vouches for it; null: it is a root.</param>
    public TestAuthority(string name = "test authority", TestAuthority? above = null)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        var now = TimeProvider.System.GetUtcNow();
        if (above is null)
        {
            authority = request.CreateSelfSigned(now.AddDays(-30), now.AddDays(30));
            return;
        }
        using var signed = request.Create(above.authority, now.AddDays(-29), now.AddDays(29), RandomNumberGenerator.GetBytes(8));
        authority = signed.CopyWithPrivateKey(key);
    }

    public string Pem => authority.ExportCertificatePem() + "\n";

    /// <param name="names">DNS names and addresses; the first is the subject's.</param>
    /// <param name="from">How long ago it began.</param>
    /// <param name="until">In what time it ends; negative: it is over.</param>
    /// <param name="use">What it is meant for; a server's when nothing is said.</param>
    public IssuedCertificate Issue(IReadOnlyList<string> names, TimeSpan? from = null, TimeSpan? until = null, string use = "1.3.6.1.5.5.7.3.1")
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={names[0]}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(use)], false));
        var alternatives = new SubjectAlternativeNameBuilder();
        foreach (var name in names)
            if (IPAddress.TryParse(name, out var address))
                alternatives.AddIpAddress(address);
            else
                alternatives.AddDnsName(name);
        request.CertificateExtensions.Add(alternatives.Build());
        var now = TimeProvider.System.GetUtcNow();
        using var signed = request.Create(authority, now - (from ?? TimeSpan.FromHours(1)), now + (until ?? TimeSpan.FromDays(10)), RandomNumberGenerator.GetBytes(8));
        return new(signed.ExportCertificatePem() + "\n", key.ExportPkcs8PrivateKeyPem() + "\n", signed.Thumbprint);
    }

    public void Dispose() => authority.Dispose();
}

/// <summary>In PEM.</summary>
public sealed record IssuedCertificate(string Certificate, string Key, string Thumbprint);
