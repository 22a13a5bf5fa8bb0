using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Fleet.Rest.Tls;

/// <summary>A certificate that can be served: its key fits, it is good now, and it is meant for servers.</summary>
internal sealed class ServerCertificate
{
    private const string ServerUse = "1.3.6.1.5.5.7.3.1";

    private ServerCertificate(PemPair source, X509Certificate2 leaf, SslStreamCertificateContext context)
    {
        Source = source;
        Leaf = leaf;
        Context = context;
    }

    public PemPair Source { get; }

    public X509Certificate2 Leaf { get; }

    /// <summary>With the certificates that lead to its authority.</summary>
    public SslStreamCertificateContext Context { get; }

    /// <exception cref="FormatException">It cannot be served; why, in words that name no key.</exception>
    public static ServerCertificate Open(PemPair pair, DateTimeOffset now)
    {
        var chain = new X509Certificate2Collection();
        try
        {
            chain.ImportFromPem(pair.Certificate);
        }
        catch (CryptographicException)
        {
            throw new FormatException("the certificate is no PEM");
        }
        if (chain.Count == 0)
            throw new FormatException("the certificate's file holds no PEM block CERTIFICATE");
        var leaf = chain[0];
        if (leaf.NotAfter.ToUniversalTime() <= now.UtcDateTime)
            throw new FormatException($"the certificate of {leaf.Subject} ended at {leaf.NotAfter.ToUniversalTime():u}");
        if (leaf.NotBefore.ToUniversalTime() > now.UtcDateTime)
            throw new FormatException($"the certificate of {leaf.Subject} is good from {leaf.NotBefore.ToUniversalTime():u} on only");
        if (leaf.Extensions.OfType<X509EnhancedKeyUsageExtension>().FirstOrDefault() is { } uses && !uses.EnhancedKeyUsages.Cast<Oid>().Any(use => use.Value == ServerUse))
            throw new FormatException($"the certificate of {leaf.Subject} is not meant for servers");
        var whole = WithKey(leaf, pair);
        chain.RemoveAt(0);
        return new(pair, whole, SslStreamCertificateContext.Create(whole, chain, offline: true));
    }

    private static X509Certificate2 WithKey(X509Certificate2 leaf, PemPair pair)
    {
        if (pair.Key.Contains("ENCRYPTED", StringComparison.Ordinal))
            throw new FormatException("the key is encrypted: it must be readable without a passphrase, and by nobody but Fleet");
        try
        {
            using var parsed = X509Certificate2.CreateFromPem(pair.Certificate, pair.Key);
            // TLS of some systems wants a key that is not only in memory as PEM.
            return X509CertificateLoader.LoadPkcs12(parsed.Export(X509ContentType.Pkcs12), null);
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException)
        {
            throw new FormatException($"the key is no PEM, or does not belong to the certificate of {leaf.Subject}");
        }
    }
}
