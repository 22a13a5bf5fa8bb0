using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using System.Text.Json.Nodes;
using Fleet.ClusterManager.Admission;
using Fleet.Control.Certificates;
using Fleet.Control.Hosting;
using Fleet.Kubernetes.Resources;
using Microsoft.AspNetCore.Server.Kestrel.Https;

namespace Fleet.ClusterManager.Webhooks;

/// <summary>
/// Serves admission to a real API server over TLS with a certificate of its own, and keeps itself registered there. It listens before it is registered, and a
/// ClusterManager that cannot register goes on without: what it would have refused shows as conditions.
/// </summary>
internal sealed partial class WebhookServer(
    IManifestGate gate, IKubernetesClient client, WebhookOptions options, TimeProvider clock, ILogger<WebhookServer> logger) : BackgroundService
{
    public const string ValidatePath = "/validate";

    /// <summary>An object and its former self, each at most 3 MiB for an API server.</summary>
    private const int LargestReview = 8 << 20;

    private static readonly ApplyOptions Apply = new("fleet-webhook") { Force = true };

    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(5);

    private readonly WebhookSecret secret = new(client, options);
    private volatile X509Certificate2? serving;
    private string? servingPem;

    /// <summary>Names that the API server may call it by.</summary>
    private IReadOnlyList<string> Names => options.Service is { } service
        ? [$"{service.Name}.{service.Namespace}.svc", $"{service.Name}.{service.Namespace}.svc.cluster.local"]
        : [options.Address.ToString(), "localhost"];

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        WebApplication? server = null;
        try
        {
            while (!stoppingToken.IsCancellationRequested)
            {
                var pause = options.LookAgain;
                try
                {
                    var certificates = await secret.RenewAsync(Names, clock.GetUtcNow(), stoppingToken);
                    Serve(certificates);
                    server ??= await ListenAsync(stoppingToken);
                    var port = new Uri(server.Urls.First()).Port;
                    await client.Dynamic(WebhookConfiguration.Validating).ApplyAsync(WebhookConfiguration.ForValidation(options, port, certificates.Authorities), Apply, stoppingToken);
                    Registered(options.Name, port);
                }
                catch (Exception e) when (e is KubeApiException or HttpRequestException or IOException)
                {
                    NotRegistered(e, options.Name);
                    pause = RetryAfter;
                }
                await Task.Delay(pause, clock, stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
        }
        finally
        {
            await UnregisterAsync();
            if (server is not null)
                await server.DisposeAsync();
        }
    }

    private void Serve(ServingCertificates certificates)
    {
        if (servingPem == certificates.Serving)
            return;
        // The former one may still be in use by a handshake; it goes with the garbage.
        serving = certificates.ServingCertificate();
        servingPem = certificates.Serving;
    }

    private async Task<WebApplication> ListenAsync(CancellationToken ct)
    {
        var builder = ServiceBuilder.Create();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Limits.MaxRequestBodySize = LargestReview;
            kestrel.Listen(options.Address, options.Port, listen => listen.UseHttps(new HttpsConnectionAdapterOptions { ServerCertificateSelector = (_, _) => serving }));
        });
        var server = builder.Build();
        server.MapPost(ValidatePath, ValidateAsync);
        await server.StartAsync(ct);
        return server;
    }

    private async Task ValidateAsync(HttpContext http)
    {
        JsonNode? review;
        try
        {
            review = await JsonNode.ParseAsync(http.Request.Body, cancellationToken: http.RequestAborted);
        }
        catch (JsonException)
        {
            review = null;
        }
        if (review is null || AdmissionReviews.Change(review) is not { } change)
        {
            http.Response.StatusCode = StatusCodes.Status400BadRequest;
            return;
        }
        var verdict = await gate.JudgeAsync(change, http.RequestAborted);
        http.Response.ContentType = "application/json";
        await http.Response.WriteAsync(AdmissionReviews.Answer(review, change, verdict).ToJsonString(), http.RequestAborted);
    }

    /// <summary>Nobody answers at this address when the process has ended. In a cluster others do.</summary>
    private async Task UnregisterAsync()
    {
        if (options.Service is not null)
            return;
        using var limit = new CancellationTokenSource(RetryAfter, clock);
        try
        {
            await client.Dynamic(WebhookConfiguration.Validating).DeleteAsync(Kubernetes.Objects.ObjectKey.Cluster(options.Name), DeleteOptions.Background, limit.Token);
        }
        catch (Exception e) when (e is KubeApiException or HttpRequestException or OperationCanceledException or ObjectDisposedException)
        {
            NotRegistered(e, options.Name);
        }
    }

    [LoggerMessage(1900, LogLevel.Information, "Admission is registered as {Name}, on port {Port}")]
    private partial void Registered(string name, int port);

    [LoggerMessage(1901, LogLevel.Warning, "The registration of admission ({Name}) could not be written")]
    private partial void NotRegistered(Exception exception, string name);
}
