using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Fleet.Control.Certificates;

/// <summary>
/// Certificates of a server with an authority of its own, as they are kept, in PEM. <see cref="Authorities"/> is what its callers trust: the newest first, older
/// ones as long as they are valid. Only the newest signs.
/// </summary>
public sealed record ServingCertificates(string Authorities, string AuthorityKey, string Serving, string ServingKey)
{
    private static readonly TimeSpan ServingLifetime = TimeSpan.FromDays(90);

    /// <summary>Clocks of callers may be behind.</summary>
    private static readonly TimeSpan Skew = TimeSpan.FromHours(1);

    /// <summary>
    /// One step: a new authority is only trusted at first, and signs from the next step on, so that no caller meets a certificate whose authority it has not
    /// been told. Both are renewed when a third of their life is left. The same object when nothing has to be done.
    /// </summary>
    public static ServingCertificates Renew(ServingCertificates? kept, AuthorityTerms terms, IReadOnlyList<string> names, DateTimeOffset now)
    {
        if (kept is null || !IsPair(kept.Authorities, kept.AuthorityKey))
            return New(terms, names, now);
        using var newest = kept.NewestAuthority();
        // Callers know the authority, perhaps by hand: what is wrong below it is no reason for another one.
        var isServed = IsPair(kept.Serving, kept.ServingKey);
        if (IsOld(newest, now))
        {
            var next = kept with { Authorities = NewAuthority(terms, now, out var key) + kept.StillValid(now), AuthorityKey = key };
            return isServed ? next : next.WithServing(names, now);
        }
        if (!isServed)
            return kept.WithServing(names, now);
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

    /// <summary>Its keys are printed nowhere.</summary>
    public override string ToString() => nameof(ServingCertificates);

    private static ServingCertificates New(AuthorityTerms terms, IReadOnlyList<string> names, DateTimeOffset now)
    {
        var authority = NewAuthority(terms, now, out var key);
        return new ServingCertificates(authority, key, "", "").WithServing(names, now);
    }

    private static string NewAuthority(AuthorityTerms terms, DateTimeOffset now, out string keyPem)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        // The name tells authorities apart: it is how a certificate says who signed it.
        var request = new CertificateRequest($"CN={terms.Name}-{now.ToUnixTimeSeconds()}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, true, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.DigitalSignature, true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        using var certificate = request.CreateSelfSigned(now - Skew, now + terms.Lifetime);
        keyPem = key.ExportPkcs8PrivateKeyPem();
        return certificate.ExportCertificatePem() + "\n";
    }

    private ServingCertificates WithServing(IReadOnlyList<string> names, DateTimeOffset now)
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

    private static bool IsPair(string certificate, string key)
    {
        try
        {
            using var pair = X509Certificate2.CreateFromPem(certificate, key);
            return pair.HasPrivateKey;
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException)
        {
            return false;
        }
    }

    private static bool IsOld(X509Certificate2 certificate, DateTimeOffset now) =>
        certificate.NotAfter.ToUniversalTime() - now.UtcDateTime < (certificate.NotAfter - certificate.NotBefore) / 3;
}

/// <summary>What an authority is called, before the moment at which it was made, and how long one lasts. A certificate lasts ninety days.</summary>
public sealed record AuthorityTerms(string Name, TimeSpan Lifetime);
