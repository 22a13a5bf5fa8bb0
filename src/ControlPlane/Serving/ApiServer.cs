using System.Net;
using System.Security.Cryptography.X509Certificates;
using Fleet.ControlPlane.Authentication;
using Fleet.ControlPlane.Hosting;
using Fleet.ControlPlane.Machinery;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;

namespace Fleet.ControlPlane.Serving;

/// <summary>The HTTPS server: loopback only, HTTP/1.1 and HTTP/2, client certificates asked for but not required.</summary>
internal static class ApiServer
{
    public static WebApplication Build(ControlPlaneOptions options, ClusterRegistry clusters, CertificateAuthority authority, ServiceAccountTokens tokens)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { Args = ["--hostBuilder:reloadConfigOnChange=false"], ContentRootPath = AppContext.BaseDirectory });
        builder.Logging.ClearProviders();
        // The process around it decides when it stops.
        builder.Services.AddSingleton<IHostLifetime, EmbeddedLifetime>();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = RequestBody.Limit + 1024;
            kestrel.Limits.Http2.MaxStreamsPerConnection = 1_000;
            kestrel.Limits.Http2.InitialConnectionWindowSize = 1 << 20;
            kestrel.Limits.Http2.InitialStreamWindowSize = 768 << 10;
            kestrel.Limits.MaxRequestLineSize = 32 << 10;
            // A port that is chosen by the system cannot be the same for two addresses.
            if (options.Port == 0) kestrel.Listen(IPAddress.Loopback, 0, Secure);
            else kestrel.ListenLocalhost(options.Port, Secure);
        });
        var application = builder.Build();
        var pipeline = new RequestPipeline(options, clusters, new Authenticator(options.Tokens, authority, tokens, options.TokenAuthenticator), tokens);
        application.Run(pipeline.HandleAsync);
        return application;

        void Secure(ListenOptions listen) => listen.UseHttps(new TlsHandshakeCallbackOptions
        {
            OnConnection = _ => new(new System.Net.Security.SslServerAuthenticationOptions
            {
                ServerCertificateContext = authority.ServerContext(),
                ClientCertificateRequired = true,
                CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
#pragma warning disable CA5359 // This is the server's side: nothing is trusted here.
                RemoteCertificateValidationCallback = AcceptForNow,
#pragma warning restore CA5359
                ApplicationProtocols = [System.Net.Security.SslApplicationProtocol.Http2, System.Net.Security.SslApplicationProtocol.Http11],
            }),
        });
    }

    public static async Task ListenAsync(WebApplication application, ControlPlaneOptions options, ServerAddress address, CancellationToken ct)
    {
        try
        {
            await application.StartAsync(ct);
        }
        catch (IOException taken)
        {
            throw new IOException($"the API server cannot listen on 127.0.0.1:{options.Port}: {taken.Message}", taken);
        }
        var bound = application.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
        address.Root = new Uri($"https://127.0.0.1:{new Uri(bound).Port}");
    }

    /// <summary>Whose a client certificate is, and whether it is any good, is decided per request (<see cref="Authenticator"/>): that depends on the cluster.</summary>
    private static bool AcceptForNow(object sender, X509Certificate? certificate, X509Chain? chain, System.Net.Security.SslPolicyErrors errors) => true;

    private sealed class EmbeddedLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
