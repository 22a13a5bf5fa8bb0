using Fleet.ControlPlane.Authentication;
using Fleet.ControlPlane.Hosting;
using Fleet.ControlPlane.Machinery;

namespace Fleet.ControlPlane.Serving;

/// <summary>The HTTPS server.</summary>
internal static class ApiServer
{
    public static WebApplication Build(ControlPlaneOptions options, ClusterRegistry clusters, CertificateAuthority authority, ServiceAccountTokens tokens)
    {
        _ = (clusters, tokens);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.ListenLocalhost(options.Port, listen => listen.UseHttps(authority.Server()));
        });
        return builder.Build();
    }

    public static async Task ListenAsync(WebApplication application, ControlPlaneOptions options, ServerAddress address, CancellationToken ct)
    {
        await application.StartAsync(ct);
        address.Root = new Uri("https://127.0.0.1:1");
    }
}
