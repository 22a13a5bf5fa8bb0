using System.Net;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;
using Fleet.Testing;
using Fleet.Testing.Processes;
using Fleet.Testing.Servers;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Fleet.Packaging.Tests.Charts;

/// <summary>The gateway as the chart renders it, in a real nginx with the chart's own certificates, before services that speak TLS.</summary>
public sealed class GatewayTlsTests : IAsyncDisposable
{
    private static readonly Dictionary<string, int> Ports = new() { ["cluster-manager"] = 8081, ["state-manager"] = 8082, ["observability"] = 8083 };

    private readonly RenderedChart chart = RenderedChart.Of("3.18.0");
    private readonly TemporaryFolder folder = new("gateway");
    private readonly Dictionary<string, WebApplication> services = [];
    private readonly int port = FreePort.Next();
    private ServerProcess? nginx;

    [Fact]
    public async Task Services_are_called_by_their_own_names_and_a_renewed_certificate_is_served_without_a_restart()
    {
        await StartAsync();
        using var client = Trusting(Secret("gateway", "ca.crt"));
        await AnswersAsync(client, "healthz", "ok\n");
        await AnswersAsync(client, "api/v1/clusters", "cluster-manager by fleet-cluster-manager.kcm-system.svc");
        await AnswersAsync(client, "api/v1/services", "state-manager by fleet-state-manager.kcm-system.svc");
        await AnswersAsync(client, "api/v1/costs", "observability by fleet-observability.kcm-system.svc");
        using (var answer = await client.GetAsync(Address("")))
            Assert.Equal("max-age=31536000", string.Join('|', answer.Headers.GetValues("Strict-Transport-Security")));

        // Whoever does not know the authority trusts nobody.
        using var stranger = new HttpClient();
        await Assert.ThrowsAsync<HttpRequestException>(() => stranger.GetAsync(Address("healthz")));

        using var other = new TestAuthority();
        using var trustingOther = Trusting(other.Pem);
        var renewed = other.Issue(["localhost"]);
        Swap("tls/tls.key", renewed.Key);
        Swap("tls/tls.crt", renewed.Certificate);
        await UntilAsync(() => AnswersAsync(trustingOther, "api/v1/clusters", "cluster-manager by fleet-cluster-manager.kcm-system.svc"));

        // A key that does not fit is not taken, and the one before goes on.
        Swap("tls/tls.key", other.Issue(["localhost"]).Key);
        await LoggedAsync("key values mismatch");
        await AnswersAsync(trustingOther, "healthz", "ok\n");
        Swap("tls/tls.key", renewed.Key);

        // Services of somebody else are not spoken to.
        Swap("services/ca.crt", other.Pem);
        await UntilAsync(() => RefusedAsync(trustingOther, "api/v1/clusters"));
        await LoggedAsync("certificate verify error");
        Swap("services/ca.crt", Secret("gateway", "ca.crt"));
        await UntilAsync(() => AnswersAsync(trustingOther, "api/v1/clusters", "cluster-manager by fleet-cluster-manager.kcm-system.svc"));
    }

    /// <summary>A service that has been taken over may have a good certificate: its own.</summary>
    [Fact]
    public async Task A_certificate_of_another_service_is_refused()
    {
        await StartAsync(("state-manager", "observability"));
        using var client = Trusting(Secret("gateway", "ca.crt"));
        await AnswersAsync(client, "api/v1/clusters", "cluster-manager by fleet-cluster-manager.kcm-system.svc");
        await RefusedAsync(client, "api/v1/services");
        await LoggedAsync("does not match");
    }

    public async ValueTask DisposeAsync()
    {
        if (nginx is not null)
            await nginx.DisposeAsync();
        foreach (var service in services.Values)
            await service.DisposeAsync();
        folder.Dispose();
    }

    /// <param name="mistaken">Services with the certificate of another one.</param>
    private async Task StartAsync(params (string Service, string Shows)[] mistaken)
    {
        foreach (var service in Ports.Keys)
            services[service] = await ServiceAsync(service, mistaken.FirstOrDefault(one => one.Service == service).Shows ?? service);
        foreach (var file in (string[])["tls.crt", "tls.key"])
            folder.Write($"tls/{file}", Secret("gateway", file));
        folder.Write("services/ca.crt", Secret("gateway", "ca.crt"));
        Directory.CreateDirectory(folder.File("tmp"));
        foreach (var (name, text) in chart.Of("ConfigMap").Single(map => RenderedChart.Name(map) == "fleet-gateway")["data"]!.AsObject())
            folder.Write($"gateway/{name}", Ports.Aggregate(Here((string)text!), (changed, service) =>
                changed.Replace($"fleet-{service.Key}:{service.Value}", $"127.0.0.1:{new Uri(services[service.Key].Urls.Single()).Port}", StringComparison.Ordinal)));

        var container = chart.Pods().Single(pod => pod.Name == "fleet-gateway").Spec["containers"]![0]!;
        List<string> words = [.. Texts(container["command"]).Concat(Texts(container["args"])).Select(Here)];
        words[words.IndexOf("--") + 1] = RealParts.Nginx;
        if (Environment.IsPrivilegedProcess)
            words[words.IndexOf("daemon off;")] = "daemon off; user root;";
        nginx = await ServerProcess.StartAsync("nginx", words[0], words[1..], new Dictionary<string, string?> { ["FOLLOW_EVERY"] = "0.2" });
        using var client = Trusting(Secret("gateway", "ca.crt"));
        await nginx.WaitUntilAsync(async ct => (await client.GetAsync(Address("healthz"), ct)).IsSuccessStatusCode, TimeSpan.FromSeconds(60));
    }

    private string Here(string text) => text
        .Replace(" /tmp/", $" {folder.FullPath}/tmp/", StringComparison.Ordinal)
        .Replace("/etc/fleet/", folder.FullPath + "/", StringComparison.Ordinal)
        .Replace("listen 8443", $"listen 127.0.0.1:{port}", StringComparison.Ordinal);

    private async Task<WebApplication> ServiceAsync(string service, string shows)
    {
        using var parsed = X509Certificate2.CreateFromPem(Secret(shows, "tls.crt"), Secret(shows, "tls.key"));
        var certificate = X509CertificateLoader.LoadPkcs12(parsed.Export(X509ContentType.Pkcs12), null);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen => listen.UseHttps(https => https.ServerCertificateSelector = (_, _) => certificate)));
        var app = builder.Build();
        app.Run(http =>
        {
            http.Response.Headers.StrictTransportSecurity = "max-age=1; includeSubDomains";
            return http.Response.WriteAsync($"{service} by {http.Features.Get<Microsoft.AspNetCore.Connections.Features.ITlsHandshakeFeature>()!.HostName}");
        });
        await app.StartAsync();
        return app;
    }

    private string Secret(string part, string key) =>
        Encoding.UTF8.GetString(Convert.FromBase64String((string)chart.Of("Secret").Single(secret => RenderedChart.Name(secret) == $"fleet-{part}-tls")["data"]![key]!));

    private Uri Address(string path) => new($"https://localhost:{port}/{path}");

    private void Swap(string file, string text) => File.Move(folder.Write(file + ".new", text), folder.File(file), overwrite: true);

    private string Log()
    {
        using var reader = new StreamReader(new FileStream(nginx!.LogPath, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        return reader.ReadToEnd();
    }

    /// <summary>What nginx says is in its log a moment after its answer.</summary>
    private Task LoggedAsync(string words) => UntilAsync(() => Task.Run(() => Assert.Contains(words, Log(), StringComparison.Ordinal)));

    private async Task AnswersAsync(HttpClient client, string path, string text) => Assert.Equal(text, await client.GetStringAsync(Address(path)));

    private async Task RefusedAsync(HttpClient client, string path)
    {
        using var answer = await client.GetAsync(Address(path));
        Assert.Equal(HttpStatusCode.BadGateway, answer.StatusCode);
    }

    /// <summary>Connections that were there before go on with what they have: each try is a new one.</summary>
    private static HttpClient Trusting(string authority)
    {
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.ImportFromPem(authority);
        return new(new SocketsHttpHandler { SslOptions = new() { CertificateChainPolicy = policy }, PooledConnectionLifetime = TimeSpan.Zero });
    }

    private static async Task UntilAsync(Func<Task> check)
    {
        var began = TimeProvider.System.GetTimestamp();
        while (true)
            try
            {
                await check();
                return;
            }
            catch (Exception e) when ((e is HttpRequestException or Xunit.Sdk.XunitException) && TimeProvider.System.GetElapsedTime(began) < TimeSpan.FromSeconds(60))
            {
                await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System);
            }
    }

    private static IEnumerable<string> Texts(JsonNode? list) => list!.AsArray().Select(item => (string)item!);
}
