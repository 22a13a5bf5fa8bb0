using System.Security.Cryptography.X509Certificates;

namespace Fleet.Testing.Servers;

/// <summary>A certificate of a server on loopback, and the authority that vouches for it.</summary>
public sealed record TestCertificates(X509Certificate2 Server, string AuthorityPem)
{
    public static TestCertificates ForLoopback()
    {
        using var authority = new TestAuthority();
        var issued = authority.Issue(["localhost", "127.0.0.1"]);
        using var whole = X509Certificate2.CreateFromPem(issued.Certificate, issued.Key);
        return new(X509CertificateLoader.LoadPkcs12(whole.Export(X509ContentType.Pkcs12), null), authority.Pem);
    }
}
