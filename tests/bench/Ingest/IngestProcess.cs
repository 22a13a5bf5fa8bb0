using System.Globalization;
using Fleet.Control;
using Fleet.Control.Metrics;
using Fleet.Observability.Ingest;
using Fleet.Observability.Ingest.Samples;
using Fleet.Observability.Ingest.Tokens;
using Fleet.Testing;
using Fleet.Testing.Processes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Fleet.Bench.Ingest;

/// <summary>The ways in for samples as a process of their own, flushed to disk as in production, before a metrics store; one token, without a management API.</summary>
internal sealed class IngestProcess : IAsyncDisposable
{
    /// <summary>The argument that makes this program be that process instead of a run of benchmarks.</summary>
    public const string Verb = "serve-ingest";

    /// <summary>The settings of the run-time that the services are built with (Directory.Build.targets): this program has those of a bench.</summary>
    private static readonly Dictionary<string, string?> AsTheService = new() { ["DOTNET_TieredPGO"] = "0", ["DOTNET_TC_CallCountThreshold"] = "3E8", ["DOTNET_gcServer"] = "0" };

    private readonly TemporaryFolder folder = new("bench-ingest");
    private readonly HttpClient client = new();
    private ServerProcess process = null!;

    public Uri WriteAddress => new(client.BaseAddress!, "/api/v1/write");

    public string Token { get; } = TelemetryToken.Create().Text;

    public int Id => process.Id;

    public static async Task<IngestProcess> StartAsync(Uri store)
    {
        var ingest = new IngestProcess();
        var port = FreePort.Next();
        ingest.client.BaseAddress = new Uri($"http://127.0.0.1:{port}");
        ingest.process = await ServerProcess.StartAsync("ingest", "dotnet", [
            typeof(IngestProcess).Assembly.Location, Verb, ingest.folder.FullPath, store.AbsoluteUri, ingest.Token, port.ToString(CultureInfo.InvariantCulture)], AsTheService);
        await ingest.process.WaitUntilAsync(async ct => (await ingest.client.GetAsync(new Uri("/metrics", UriKind.Relative), ct)).IsSuccessStatusCode, TimeSpan.FromSeconds(60));
        return ingest;
    }

    public static async Task ServeAsync(IReadOnlyList<string> arguments)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.ListenLocalhost(int.Parse(arguments[3], CultureInfo.InvariantCulture)));
        builder.Services.AddControl();
        var options = IngestOptions.For(arguments[0], arguments[1], null, null);
        // The limit of one cluster is not what is measured.
        builder.Services.AddIngest(options with { Intake = options.Intake with { SamplesPerSecond = 1e9 } });
        builder.Services.AddSingleton<ITokenDirectory>(new OneToken(arguments[2]));
        var application = builder.Build();
        application.MapIngest();
        application.MapMetrics();
        await application.RunAsync();
    }

    /// <summary>All series whose line begins so, added up.</summary>
    public async Task<double> MetricAsync(string prefix, CancellationToken ct) => (await client.GetStringAsync(new Uri("/metrics", UriKind.Relative), ct)).Split('\n')
        .Where(line => line.StartsWith(prefix, StringComparison.Ordinal))
        .Sum(line => double.Parse(line[(line.LastIndexOf(' ') + 1)..], CultureInfo.InvariantCulture));

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        client.Dispose();
        await process.DisposeAsync();
        folder.Dispose();
    }

    private sealed class OneToken(string text) : ITokenDirectory
    {
        private static readonly ClusterIdentity Cluster = new("bench", "cluster", "5d7f3f0e-2f0e-4b53-9a55-6f8a3f6f5d11");

        public bool IsReady => true;

        public ClusterIdentity? Find(TelemetryToken token) => token.Text == text ? Cluster : null;
    }
}
