using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Fleet.ClusterManager.Webhooks;

/// <summary>
/// Certificates of the webhook as they are kept, in PEM. <see cref="Authorities"/> is what API servers trust: the newest first, older ones as long as they are
/// valid. Only the newest signs.
/// </summary>
internal sealed record WebhookCertificates(string Authorities, string AuthorityKey, string Serving, string ServingKey)
{
    private static readonly TimeSpan AuthorityLifetime = TimeSpan.FromDays(730);

    private static readonly TimeSpan ServingLifetime = TimeSpan.FromDays(90);

    /// <summary>Clocks of API servers may be behind.</summary>
    private static readonly TimeSpan Skew = TimeSpan.FromHours(1);

    /// <summary>
    /// One step: a new authority is only trusted at first, and signs from the next step on, so that no API server meets a certificate whose authority it has not
    /// been told. Both are renewed when a third of their life is left. The same object when nothing has to be done.
    /// </summary>
    public static WebhookCertificates Renew(WebhookCertificates? kept, IReadOnlyList<string> names, DateTimeOffset now)
    {
        if (kept is null || !kept.IsWhole())
            return New(names, now);
        using var newest = kept.NewestAuthority();
        if (IsOld(newest, now))
            return kept with { Authorities = NewAuthority(now, out var key) + kept.StillValid(now), AuthorityKey = key };
        using var serving = X509Certificate2.CreateFromPem(kept.Serving);
        return IsOld(serving, now) || serving.Issuer != newest.Subject || !names.All(name => serving.MatchesHostname(name))
            ? kept.WithServing(names, now)
            : kept;
    }

    /// <summary>With its key; the caller disposes it.</summary>
    public X509Certificate2 ServingCertificate()
    {
        using var parsed = X509Certificate2.CreateFromPem(Serving, ServingKey);
        // TLS of some systems wants a key that is not only in memory as PEM.
        return X509CertificateLoader.LoadPkcs12(parsed.Export(X509ContentType.Pkcs12), null);
    }

    private static WebhookCertificates New(IReadOnlyList<string> names, DateTimeOffset now)
    {
        var authority = NewAuthority(now, out var key);
        return new WebhookCertificates(authority, key, "", "").WithServing(names, now);
    }

    private static string NewAuthority(DateTimeOffset now, out string keyPem)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        // The name tells authorities apart: it is how a certificate says who signed it.
        var request = new CertificateRequest($"CN=fleet-webhook-{now.ToUnixTimeSeconds()}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, true, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.DigitalSignature, true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        using var certificate = request.CreateSelfSigned(now - Skew, now + AuthorityLifetime);
        keyPem = key.ExportPkcs8PrivateKeyPem();
        return certificate.ExportCertificatePem() + "\n";
    }

    private WebhookCertificates WithServing(IReadOnlyList<string> names, DateTimeOffset now)
    {
        using var issuer = X509Certificate2.CreateFromPem(Authorities, AuthorityKey);
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={names[0]}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.1")], false));
        var alternatives = new SubjectAlternativeNameBuilder();
        foreach (var name in names)
            if (System.Net.IPAddress.TryParse(name, out var address))
                alternatives.AddIpAddress(address);
            else
                alternatives.AddDnsName(name);
        request.CertificateExtensions.Add(alternatives.Build());
        var end = now + ServingLifetime;
        using var certificate = request.Create(issuer, now - Skew, end < issuer.NotAfter ? end : issuer.NotAfter, RandomNumberGenerator.GetBytes(16));
        return this with { Serving = certificate.ExportCertificatePem() + "\n", ServingKey = key.ExportPkcs8PrivateKeyPem() };
    }

    private X509Certificate2 NewestAuthority() => X509Certificate2.CreateFromPem(Authorities);

    private string StillValid(DateTimeOffset now)
    {
        var all = new X509Certificate2Collection();
        all.ImportFromPem(Authorities);
        return string.Concat(all.Where(one => one.NotAfter > now.UtcDateTime).Select(one => one.ExportCertificatePem() + "\n"));
    }

    private bool IsWhole()
    {
        try
        {
            using var authority = X509Certificate2.CreateFromPem(Authorities, AuthorityKey);
            using var serving = X509Certificate2.CreateFromPem(Serving, ServingKey);
            return authority.HasPrivateKey && serving.HasPrivateKey;
        }
        catch (CryptographicException)
        {
            return false;
        }
    }

    private static bool IsOld(X509Certificate2 certificate, DateTimeOffset now) =>
        certificate.NotAfter.ToUniversalTime() - now.UtcDateTime < (certificate.NotAfter - certificate.NotBefore) / 3;
}
