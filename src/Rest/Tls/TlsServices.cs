using System.Net;
using System.Security.Authentication;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Fleet.Rest.Tls;

/// <summary>TLS of the REST API.</summary>
public static class TlsServices
{
    /// <summary>As the command line says it, for a service of its own; without a certificate nothing is changed.</summary>
    /// <exception cref="FormatException">What is said does not fit together, or there is no good certificate to begin with.</exception>
    public static WebApplicationBuilder AddTls(this WebApplicationBuilder builder)
    {
        var files = TlsFiles.For(builder.Configuration["tls-cert"], builder.Configuration["tls-key"]);
        CheckAddresses(builder.Configuration["urls"], files is not null);
        return files is null ? builder : builder.AddTls(files, TimeProvider.System);
    }

    /// <summary>Every endpoint with HTTPS shows the certificate of these files, and a renewed one when they change.</summary>
    /// <exception cref="FormatException">There is no good certificate to begin with.</exception>
    public static WebApplicationBuilder AddTls(this WebApplicationBuilder builder, TlsFiles files, TimeProvider clock)
    {
        var first = Open(files, clock);
        builder.Services.AddSingleton(services => new FollowedCertificate(files, first, clock, services.GetRequiredService<ILogger<FollowedCertificate>>()));
        builder.Services.AddHostedService(services => services.GetRequiredService<FollowedCertificate>());
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(Configure);
        return builder;
    }

    /// <exception cref="FormatException">All that is wrong with it.</exception>
    internal static ServerCertificate Open(TlsFiles files, TimeProvider clock)
    {
        var pair = files.Read();
        try
        {
            return ServerCertificate.Open(pair, clock.GetUtcNow());
        }
        catch (FormatException e)
        {
            throw new FormatException($"--tls-cert {files.Certificate}, --tls-key {files.Key}: {e.Message}", e);
        }
    }

    /// <summary>A certificate that no address uses would be one that somebody believes in. Plain HTTP beside it is for this machine only.</summary>
    internal static void CheckAddresses(string? urls, bool hasCertificate)
    {
        var addresses = (urls ?? "").Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(BindingAddress.Parse).ToList();
        var secured = addresses.Where(address => address.Scheme == Uri.UriSchemeHttps).ToList();
        if (!hasCertificate && secured.Count > 0)
            throw new FormatException($"--urls names {secured[0]}, which needs a certificate: --tls-cert FILE --tls-key FILE");
        if (!hasCertificate)
            return;
        if (secured.Count == 0)
            throw new FormatException("--tls-cert needs an address with https: for example --urls https://+:8081");
        if (addresses.FirstOrDefault(address => address.Scheme != Uri.UriSchemeHttps && !IsLoopback(address.Host)) is { } open)
            throw new FormatException($"--urls names {open}, which others reach without TLS: leave it out, or let it be on 127.0.0.1");
    }

    private static bool IsLoopback(string host) => host == "localhost" || (IPAddress.TryParse(host, out var address) && IPAddress.IsLoopback(address));

    private static void Configure(KestrelServerOptions kestrel) => kestrel.ConfigureHttpsDefaults(https =>
    {
        var certificate = kestrel.ApplicationServices.GetRequiredService<FollowedCertificate>();
        https.SslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13;
        // Kestrel asks for a way to a certificate; what is shown, with the certificates up to its authority, is set at each handshake.
        https.ServerCertificateSelector = (_, _) => null;
        https.OnAuthenticate = (_, handshake) =>
        {
            handshake.ServerCertificateSelectionCallback = null;
            handshake.ServerCertificateContext = certificate.Context;
        };
    });
}
