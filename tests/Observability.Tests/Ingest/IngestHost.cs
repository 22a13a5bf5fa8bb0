using System.Net.Http.Headers;
using Fleet.Control;
using Fleet.Control.Metrics;
using Fleet.Observability.History;
using Fleet.Observability.Ingest;
using Fleet.Observability.Ingest.Intake;
using Fleet.Observability.Ingest.Queue;
using Fleet.Observability.Ingest.Samples;
using Fleet.Observability.Ingest.Stores;
using Fleet.Observability.Ingest.Tokens;
using Fleet.Rest.Databases;
using Fleet.Testing;
using Fleet.Testing.Processes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Fleet.Observability.Tests.Ingest;

/// <summary>The ways in on a real port, with the queue in a folder of its own and two clusters whose tokens are known.</summary>
public sealed class IngestHost : IAsyncDisposable
{
    public static readonly ClusterIdentity Web = new("team-a", "web", "uid-web");
    public static readonly ClusterIdentity Data = new("team-b", "data", "uid-data");

    private readonly TemporaryFolder folder = new("ingest");
    private WebApplication application = null!;

    public TelemetryToken WebToken { get; } = TelemetryToken.Create();

    public TelemetryToken DataToken { get; } = TelemetryToken.Create();

    public HttpClient Client { get; private set; } = null!;

    public SampleLimits Limits { get; private init; } = new();

    public T Service<T>() where T : notnull => application.Services.GetRequiredService<T>();

    public IngestQueue Queue => application.Services.GetRequiredService<IngestQueue>();

    /// <param name="store">Null: nothing takes what is in the queue.</param>
    public static async Task<IngestHost> StartAsync(
        Uri? store = null, SampleLimits? limits = null, Func<IntakeOptions, IntakeOptions>? intake = null, Func<StoreOptions, StoreOptions>? options = null, string? queueFolder = null,
        TimeProvider? clock = null, string? postgres = null, Action<IServiceCollection>? add = null, Action<WebApplication>? map = null)
    {
        var host = new IngestHost { Limits = limits ?? new() };
        var port = FreePort.Next();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.ListenLocalhost(port));
        if (clock is not null)
            builder.Services.AddSingleton(clock);
        builder.Services.AddControl();
        var storeOptions = new StoreOptions { WriteAddress = store ?? new Uri("http://127.0.0.1:9/"), FirstDelay = TimeSpan.FromMilliseconds(20), LongestDelay = TimeSpan.FromMilliseconds(200) };
        var intakeOptions = new IntakeOptions { Limits = host.Limits };
        builder.Services.AddIngest(new IngestOptions
        {
            Queue = new QueueOptions { Folder = queueFolder ?? host.folder.File("queue") },
            Store = options?.Invoke(storeOptions) ?? storeOptions,
            Intake = intake?.Invoke(intakeOptions) ?? intakeOptions,
        });
        if (store is null)
            builder.Services.Remove(builder.Services.Single(service => service.ImplementationType == typeof(StoreSender)));
        if (postgres is not null)
        {
            builder.Services.AddRecords(new() { ConnectionString = postgres });
            builder.Services.AddDbContextFactory<HistoryContext>(db => db.UseNpgsql(postgres));
            builder.Services.AddSingleton<MigratedContexts<HistoryContext>>();
        }
        add?.Invoke(builder.Services);
        builder.Services.AddSingleton<IClusterDirectory>(new Tokens([]));
        builder.Services.AddSingleton<ITokenDirectory>(new Tokens(new() { [host.WebToken.Text] = Web, [host.DataToken.Text] = Data }));
        host.application = builder.Build();
        host.application.MapIngest();
        map?.Invoke(host.application);
        host.application.MapMetrics();
        if (postgres is not null)
            await (await host.application.Services.GetRequiredService<MigratedContexts<HistoryContext>>().OpenAsync(CancellationToken.None)).DisposeAsync();
        await host.application.StartAsync();
        host.Client = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") };
        return host;
    }

    public Task<HttpResponseMessage> WriteAsync(byte[] message, string? type = "application/x-protobuf", string? encoding = "snappy", string? token = null) =>
        SendAsync("/api/v1/write", encoding == "snappy" ? WriteRequests.Compress(message) : message, type, encoding, token);

    public async Task<HttpResponseMessage> SendAsync(string path, byte[] body, string? type, string? encoding = null, string? token = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new ByteArrayContent(body) };
        if (type is not null)
            request.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(type);
        if (encoding is not null)
            request.Content.Headers.TryAddWithoutValidation("Content-Encoding", encoding);
        request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {token ?? WebToken.Text}");
        return await Client.SendAsync(request);
    }

    /// <summary>All series that wait in the queue.</summary>
    public IReadOnlyList<Series> Queued()
    {
        var all = new List<Series>();
        for (var from = Queue.Position; Queue.Read(from, long.MaxValue) is { } batch; from = batch.Next)
            all.AddRange(batch.Requests.SelectMany(request => WriteRequests.ReadBlock(request.Body.ToArray())));
        return all;
    }

    public Task<string> MetricsAsync() => Client.GetStringAsync(new Uri("/metrics", UriKind.Relative));

    public async ValueTask DisposeAsync()
    {
        Client?.Dispose();
        await application.StopAsync();
        await application.DisposeAsync();
        folder.Dispose();
    }

    private sealed class Tokens(Dictionary<string, ClusterIdentity> known) : ITokenDirectory, IClusterDirectory
    {
        public IReadOnlyCollection<ClusterIdentity> Clusters => [Web, Data];

        public bool IsReady => true;

        public ClusterIdentity? Find(TelemetryToken token) => known.GetValueOrDefault(token.Text);
    }
}
