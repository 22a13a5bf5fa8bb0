using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Fleet.ControlPlane.Authentication;

/// <summary>
/// The authority of one simulated cluster, whose key lies in its <c>&lt;cluster&gt;-ca</c> Secret as with a real one: who has it can make client
/// certificates for that cluster, and for no other, since no other trusts it. Servers' certificates come from the process' own authority.
/// </summary>
internal static class ClusterAuthority
{
    private static readonly TimeSpan Life = TimeSpan.FromDays(3650);

    /// <summary>PEM of a self-signed authority (P-256) and its key.</summary>
    public static (string Certificate, string Key) Make(string commonName, DateTimeOffset now)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var subject = new X500DistinguishedNameBuilder();
        subject.AddCommonName(commonName);
        var request = new CertificateRequest(subject.Build(), key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.DigitalSignature | X509KeyUsageFlags.KeyEncipherment, true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        using var made = request.CreateSelfSigned(now.AddMinutes(-5), now + Life);
        return (made.ExportCertificatePem() + "\n", key.ExportECPrivateKeyPem() + "\n");
    }

    /// <summary>PEM of a public key and its private one, as the <c>sa</c> Secret holds them.</summary>
    public static (string Public, string Private) MakeKeyPair()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return (key.ExportSubjectPublicKeyInfoPem() + "\n", key.ExportECPrivateKeyPem() + "\n");
    }

    /// <summary>User (CN) and groups (O) of a client certificate that the authority has signed; null for any other.</summary>
    public static UserIdentity? Identify(X509Certificate2 client, string authorityPem, DateTimeOffset now)
    {
        using var authority = X509Certificate2.CreateFromPem(authorityPem);
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.Add(authority);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.VerificationTime = now.UtcDateTime;
        chain.ChainPolicy.ApplicationPolicy.Add(new Oid("1.3.6.1.5.5.7.3.2"));
        // A client that shows the authority's own certificate has no identity.
        if (!chain.Build(client) || chain.ChainElements.Count < 2)
            return null;
        string? user = null;
        var groups = new List<string>();
        foreach (var part in client.SubjectName.EnumerateRelativeDistinguishedNames().Where(p => !p.HasMultipleElements))
        {
            if (part.GetSingleElementType().Value == "2.5.4.3")
                user = part.GetSingleElementValue();
            else if (part.GetSingleElementType().Value == "2.5.4.10")
                groups.Add(part.GetSingleElementValue() ?? "");
        }
        return user is { Length: > 0 } ? UserIdentity.Authenticated(user, "", groups) : null;
    }
}
