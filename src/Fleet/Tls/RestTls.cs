using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Fleet.Host.Data;
using Fleet.Rest.Tls;

namespace Fleet.Host.Tls;

/// <summary>How REST API, console and charts are served over TLS, all at one address of this machine.</summary>
/// <param name="Files">What is served.</param>
/// <param name="Authority">File with whom callers have to trust; null: the system knows.</param>
/// <param name="Host">The name of this machine that the certificate is good for.</param>
/// <param name="Own">Its certificates, where the fleet makes them itself.</param>
internal sealed record RestTls(TlsFiles Files, string? Authority, string Host, OwnCertificates? Own)
{
    /// <summary>Null: plain HTTP, on loopback.</summary>
    /// <exception cref="FormatException">The options do not fit together, or the certificate cannot be used here.</exception>
    public static RestTls? For(FleetOptions options, DataFolder folder, TimeProvider clock, ILoggerFactory logs)
    {
        var named = TlsFiles.For(options.TlsCertificate, options.TlsKey);
        if (named is null && options.TlsAuthority is not null)
            throw new FormatException("--tls-ca says who vouches for the certificate of --tls-cert, which is not named");
        if (named is not null && options.Tls)
            throw new FormatException("--tls makes a certificate, and --tls-cert names one: choose");
        if (named is not null)
            return new(named, options.TlsAuthority is { } authority ? Path.GetFullPath(authority) : null, HostOf(named), null);
        if (!options.Tls)
            return null;
        var own = new OwnCertificates(folder.Tls, clock, logs.CreateLogger<OwnCertificates>());
        own.Renew();
        return new(own.Files, own.Authority, "127.0.0.1", own);
    }

    public Uri Address(int port) => new($"https://{Host}:{port}/");

    /// <summary>In PEM, as it is now.</summary>
    public string? Trusted => Authority is null ? null : File.ReadAllText(Authority);

    /// <summary>The fleet listens on this machine only, so that any other name leads nowhere.</summary>
    private static string HostOf(TlsFiles files)
    {
        try
        {
            using var certificate = X509Certificate2.CreateFromPem(File.ReadAllText(files.Certificate));
            string[] names = ["127.0.0.1", "localhost"];
            return names.FirstOrDefault(name => certificate.MatchesHostname(name))
                ?? throw new FormatException($"--tls-cert: {files.Certificate} is good for neither 127.0.0.1 nor localhost, where fleetd listens");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException)
        {
            throw new FormatException($"--tls-cert: {files.Certificate} cannot be read as a certificate: {e.Message}", e);
        }
    }
}
