using System.Net.Http.Headers;
using Fleet.Control;
using Fleet.Control.Health;
using Fleet.Kubernetes;
using Fleet.Kubernetes.Configuration;
using Fleet.Kubernetes.Resources;
using Fleet.Observability.Ingest;
using Fleet.Observability.Tests.Ingest;
using Fleet.Testing.Processes;
using Fleet.Testing.Servers;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Fleet.Observability.Tests.Telemetry;

/// <summary>What a service tells about itself: its own traces, metrics and logs by OTLP (taken in by another Fleet), and whether it is ready.</summary>
public sealed class OwnTelemetryTests
{
    private const string Hush = "hush-7c1d9a";

    [Fact]
    public async Task Traces_metrics_and_logs_go_to_the_collector_and_no_secret_with_them()
    {
        await using var postgres = await PrivatePostgres.StartAsync();
        await using var collector = await IngestHost.StartAsync(postgres: postgres.ConnectionString);
        await using var peer = await PeerStore.StartAsync();
        await using var service = await ObservabilityProcess.StartAsync(peer.Address, new Dictionary<string, string?>
        {
            ["OTEL_EXPORTER_OTLP_ENDPOINT"] = collector.Client.BaseAddress!.AbsoluteUri,
            ["OTEL_EXPORTER_OTLP_HEADERS"] = $"Authorization=Bearer%20{collector.WebToken.Text}",
            ["OTEL_BSP_SCHEDULE_DELAY"] = "200",
            ["OTEL_BLRP_SCHEDULE_DELAY"] = "200",
            ["OTEL_METRIC_EXPORT_INTERVAL"] = "500",
        });
        await service.MakeClusterAsync("team-a", "web");
        foreach (var path in (string[])["/readyz", "/startupz", "/livez", "/metrics"])
            Assert.Equal("OK", (await service.Client.GetAsync(new Uri(path, UriKind.Relative))).StatusCode.ToString());
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/api/v1/logs?q={Hush}");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", Hush);
        Assert.Equal(401, (int)(await service.Client.SendAsync(request)).StatusCode);

        await UntilAsync(postgres, "SELECT count(*) FROM spans WHERE service = 'fleet-observability' AND name = 'reconcile collection' AND attributes ->> 'fleet.object.name' = 'web' AND attributes ->> 'fleet.outcome' <> ''");
        await UntilAsync(postgres, "SELECT count(*) FROM spans WHERE service = 'fleet-observability' AND kind = 2 AND scope = 'Microsoft.AspNetCore'");
        await UntilAsync(postgres, "SELECT count(*) FROM spans WHERE service = 'fleet-observability' AND kind = 3 AND scope = 'System.Net.Http'");
        await UntilAsync(postgres, "SELECT count(*) FROM logs WHERE service = 'fleet-observability' AND body <> ''");
        Assert.Equal("", await FirstAsync(postgres, $"SELECT s::text FROM spans s WHERE s::text LIKE '%{Hush}%'"));
        Assert.Equal("", await FirstAsync(postgres, $"SELECT l::text FROM logs l WHERE l::text LIKE '%{Hush}%'"));
        Assert.Equal("", await FirstAsync(postgres, "SELECT s::text FROM spans s WHERE s::text ~* 'bearer |password='"));
        Assert.Equal(0, await CountAsync(postgres, "SELECT count(*) FROM spans WHERE kind = 2 AND attributes ->> 'url.path' IN ('/livez', '/readyz', '/metrics')"));
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (!collector.Queued().Any(series => series["__name__"].StartsWith("fleet_reconcile_", StringComparison.Ordinal) && series["job"] == "fleet-observability"))
        {
            Assert.False(limit.IsCancellationRequested, $"{string.Join(' ', collector.Queued().Select(series => series["__name__"]).Distinct())}\n{await collector.MetricsAsync()}");
            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System, CancellationToken.None);
        }
    }

    [Fact]
    public async Task A_service_whose_management_API_is_away_lives_and_is_not_ready()
    {
        var port = FreePort.Next();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.ListenLocalhost(port));
        builder.Services.AddControl();
        using var management = KubernetesClient.Create(new ClusterEndpoint { Server = new Uri("https://127.0.0.1:9/") });
        builder.Services.AddSingleton<IKubernetesClient>(management);
        builder.Services.AddTelemetryTokens();
        await using var application = builder.Build();
        application.MapHealth();
        await application.StartAsync();
        using var client = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") };
        Assert.Equal("ok\n", await client.GetStringAsync(new Uri("/livez", UriKind.Relative)));
        foreach (var path in (string[])["/readyz", "/startupz"])
        {
            using var response = await client.GetAsync(new Uri(path, UriKind.Relative));
            Assert.Equal((503, "the tokens of the clusters have not been read yet\n"), ((int)response.StatusCode, await response.Content.ReadAsStringAsync()));
        }
    }

    private static async Task UntilAsync(PrivatePostgres postgres, string query)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (await CountAsync(postgres, query) == 0)
        {
            Assert.False(limit.IsCancellationRequested, $"nothing for {query}");
            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System, CancellationToken.None);
        }
    }

    private static async Task<long> CountAsync(PrivatePostgres postgres, string query) => (long)(await FirstOrNullAsync(postgres, query))!;

    /// <summary>Empty when there is none.</summary>
    private static async Task<string> FirstAsync(PrivatePostgres postgres, string query) => (string?)await FirstOrNullAsync(postgres, query) ?? "";

    private static async Task<object?> FirstOrNullAsync(PrivatePostgres postgres, string query)
    {
        await using var connection = new NpgsqlConnection(postgres.ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(query, connection);
        return await command.ExecuteScalarAsync();
    }
}
