using System.Reflection;
using Fleet.ClusterManager;
using Fleet.ClusterManager.Admission;
using Fleet.ClusterManager.Api;
#if GRAINS_ON_ORLEANS
using Fleet.ClusterManager.Orleans;
#endif
using Fleet.Contracts;
using Fleet.Control;
using Fleet.Control.Health;
using Fleet.Control.Hosting;
using Fleet.Control.Metrics;
using Fleet.Helm;
using Fleet.Helm.Catalog;
using Fleet.Helm.Releases;
using Fleet.Host.Catalog;
using Fleet.Host.Data;
using Fleet.Host.Database;
using Fleet.Host.Demo;
using Fleet.Host.Management;
using Fleet.Host.Start;
using Fleet.Host.Tls;
using Fleet.Kubernetes;
using Fleet.Kubernetes.Configuration;
using Fleet.Kubernetes.Resources;
using Fleet.Observability;
using Fleet.Observability.Api;
using Fleet.Observability.Backfill;
using Fleet.Observability.Collection;
using Fleet.Observability.Collection.Agents;
using Fleet.Observability.Ingest;
using Fleet.Observability.Ingest.Records;
using Fleet.Observability.Ingest.Tokens;
using Fleet.Observability.Query.Prometheus;
using Fleet.Observability.Recommendations.Api;
using Fleet.Oidc;
using Fleet.Rest.SignIn;
using Fleet.Rest.Telemetry;
using Fleet.Rest.Tls;
using Fleet.Rest.WebConsole;
using Fleet.StateManager;
using Fleet.StateManager.Api;

namespace Fleet.Host;

/// <summary>
/// Everything in one process: database, management API, catalog, the three services. Started in the order of dependence and stopped in the reverse
/// one; a start that fails stops what it had started.
/// </summary>
internal sealed class FleetServer(FleetOptions options, DataFolder folder, StartProgress progress, TimeProvider clock) : IAsyncDisposable
{
    private readonly Stack<Func<ValueTask>> toStop = new();
    private RestTls? tls;

    public static string Version => typeof(FleetServer).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;

    public async Task StartAsync(CancellationToken ct)
    {
        var kept = Settings.Read(folder) ?? new Settings();
        var settings = ChoosePorts(kept);
        var logs = LoggerFactory.Create(FleetLogging.Configure);
        toStop.Push(() => Stop(logs.Dispose));
        tls = RestTls.For(options, folder, clock, logs);
        var provider = options.Oidc is { } file ? new OidcProvider(OidcSettings.Read(file), clock) : null;
        if (provider is not null)
            toStop.Push(() => Stop(provider.Dispose));
        var database = await progress.StepAsync("PostgreSQL", () => StartDatabaseAsync(settings, logs, ct));
        var cluster = await progress.StepAsync(options.Kubeconfig is null ? "management API" : "management API (yours)", async () =>
        {
            var (started, port) = await Ports.ListenAsync(
                "--api-port", settings.ApiPort, options.ApiPort is not null || kept.ApiPort != 0, port => StartManagementAsync(port, provider, logs, ct));
            settings = settings with { ApiPort = port };
            return started;
        });
        var client = KubernetesClient.Create(
            KubeConfig.FollowEndpoint(cluster.KubeconfigPath, cluster.Context, clock),
            new KubernetesClientOptions { UserAgent = $"fleet/{Version}", Clock = clock });
        toStop.Push(() => Stop(client.Dispose));

        var catalog = new CatalogOptions();
        var seed = new ManagementSeed(client, clock);
        await progress.StepAsync("kinds", async () =>
        {
            await seed.DefineAsync(catalog.Definitions, ct);
            await seed.DefineAsync(catalog.ForeignDefinitions, ct);
        });
        await progress.StepAsync("services", async () =>
        {
            var (_, port) = await Ports.ListenAsync(
                "--rest-port", settings.RestPort, options.RestPort is not null || kept.RestPort != 0, port => StartServicesAsync(port, database, cluster, client, provider, ct));
            settings = settings with { RestPort = port };
        });
        await progress.StepAsync("catalog", async () =>
        {
            await CatalogFolder.PublishAsync(catalog.Charts, folder.Catalog, ct);
            await seed.NamespacesAsync([FleetApi.SystemNamespace, FleetApi.OlderSystemNamespace], ct);
            await seed.RolesAsync(catalog.Roles, ct);
            await seed.CommandLineAsync(FleetApi.SystemNamespace, ct);
            await seed.ConsoleAsync(FleetApi.SystemNamespace, ct);
            await seed.CatalogAsync(catalog.Templates, new Uri(RestAddress(settings.RestPort), "charts"), tls?.Trusted, ct);
        });
        if (tls?.Own is { } own)
            InBackground(stopping => own.KeepAsync(seed.CatalogAuthorityAsync, stopping));
        settings.Write(folder);
        new Endpoints
        {
            ProcessId = Environment.ProcessId,
            Api = cluster.Address.AbsoluteUri.TrimEnd('/'),
            Rest = RestAddress(settings.RestPort).AbsoluteUri.TrimEnd('/'),
            CertificateAuthority = tls?.Authority,
            Kubeconfig = cluster.KubeconfigPath,
            Version = Version,
            External = cluster.IsExternal,
            CapiCore = options.ExternalCapiCore ? "external" : "embedded",
        }.Write(folder);
        toStop.Push(() => Stop(() => File.Delete(folder.EndpointsFile)));
        if (options.Demo && cluster is EmbeddedManagementCluster embedded)
            InBackground(new DemoFleet(seed, embedded.Clusters, catalog.Samples, clock, logs.CreateLogger<DemoFleet>()).RunAsync);
        progress.Ready();
    }

    public async ValueTask DisposeAsync()
    {
        while (toStop.TryPop(out var stop))
            await stop();
    }

    private Uri RestAddress(int port) => tls?.Address(port) ?? new Uri($"http://127.0.0.1:{port}/");

    private void InBackground(Func<CancellationToken, Task> run)
    {
        var stopping = new CancellationTokenSource();
        var running = run(stopping.Token);
        toStop.Push(async () =>
        {
            await stopping.CancelAsync();
            await running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            stopping.Dispose();
        });
    }

    private Settings ChoosePorts(Settings kept)
    {
        var chosen = new Settings
        {
            ApiPort = options.Kubeconfig is null ? Ports.Choose("--api-port", options.ApiPort, kept.ApiPort, Ports.DefaultApi) : kept.ApiPort,
            RestPort = Ports.Choose("--rest-port", options.RestPort, kept.RestPort, Ports.DefaultRest),
            PostgresPort = kept.PostgresPort != 0 && Ports.IsFree(kept.PostgresPort) ? kept.PostgresPort : Ports.Choose("--postgres", null, 0, Ports.DefaultPostgres),
        };
        if (kept.ApiPort == 0 && options.ApiPort is null && options.Kubeconfig is null && chosen.ApiPort != Ports.DefaultApi)
            progress.Note($"Port {Ports.DefaultApi} is in use (by another fleet?); this one's API is at {chosen.ApiPort}.");
        return chosen;
    }

    private async Task<string> StartDatabaseAsync(Settings settings, ILoggerFactory logs, CancellationToken ct)
    {
        if (options.PostgresFile is { } file)
            return (await File.ReadAllTextAsync(file, ct)).Trim();
        var binaries = PostgresBinaries.Find()
            ?? throw new PostgresException("PostgreSQL's server is not installed (no initdb found). Install Debian's postgresql, name its folder in FLEET_PG_BIN, or name a server with --postgres FILE.");
        var postgres = new PrivatePostgres(binaries, folder.Postgres, settings.PostgresPort);
        var connection = await postgres.StartAsync(ct);
        var stopping = new CancellationTokenSource();
        var keeping = postgres.KeepRunningAsync(logs.CreateLogger<PrivatePostgres>(), clock, stopping.Token);
        toStop.Push(async () =>
        {
            await stopping.CancelAsync();
            await keeping;
            stopping.Dispose();
            await postgres.StopAsync(CancellationToken.None);
        });
        return connection;
    }

    private async Task<IManagementCluster> StartManagementAsync(int port, OidcProvider? provider, ILoggerFactory logs, CancellationToken ct)
    {
        IManagementCluster cluster = options.Kubeconfig is { } file
            ? new ExternalManagementCluster(file, options.Context)
            : await EmbeddedManagementCluster.StartAsync(
                folder, port, options, provider is null ? null : new ProviderTokens(provider, clock, logs.CreateLogger<ProviderTokens>()), logs, clock, ct);
        toStop.Push(cluster.DisposeAsync);
        return cluster;
    }

    private async Task<WebApplication> StartServicesAsync(
        int port, string database, IManagementCluster cluster, IKubernetesClient client, OidcProvider? provider, CancellationToken ct)
    {
        var builder = ServiceBuilder.Create();
        builder.Logging.ClearProviders();
        FleetLogging.Configure(builder.Logging);
        builder.AddTelemetryExport("fleetd");
        if (tls is not null)
            builder.AddTls(tls.Files, clock);
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.ListenLocalhost(port, listen =>
        {
            if (tls is not null)
                listen.UseHttps();
        }));
        builder.Services.AddSingleton(clock);
        builder.Services.AddSingleton(client);
#if GRAINS_ON_ORLEANS
        builder.Services.AddOrleansGrains(OrleansGrainOptions.From("fleetd", database, Environment.GetEnvironmentVariable));
#endif
        builder.Services.AddControl();
        builder.Services.AddHelm(new HelmOptions { Folder = folder.Cache });
        builder.Services.AddClusterManager(ClusterManagerSettings.Apply(
            new()
            {
                Management = ClusterAccess.OfFile(cluster.KubeconfigPath, cluster.Context),
                Audit = new() { Database = database },
                Backups = new() { Database = database, Folder = folder.Backups },
                // An API server elsewhere could not call this machine's loopback address.
                Webhook = cluster.IsExternal && cluster.Address.IsLoopback ? new() : null,
            },
            Environment.GetEnvironmentVariable));
        builder.Services.AddStateManager(new() { Audit = new() { Database = database }, Drift = new() { Database = database }, Compliance = new() { Database = database } });
        builder.Services.AddObservability(database, options.MetricsStore is { } store
            ? IngestOptions.For(folder.Telemetry, store, options.MetricsStoreToken, options.MetricsStoreWindow)
            : null,
            MetricsQueryOptions.For(options.MetricsStore, options.MetricsQuery, options.MetricsStoreToken),
            // With its own management cluster it is for one machine, whose user may have receivers on it; on another one tenants write Receivers.
            new() { AllowLoopback = cluster is EmbeddedManagementCluster, ExternalAddress = RestAddress(port) },
            collection: CollectionOptions.For(Environment.GetEnvironmentVariable("FLEET_COSTS_EVERY")),
            records: RecordTargets.For(options.LogsOtlp, options.TracesOtlp, options.OtlpToken, options.OtlpCa, folder.Telemetry + "-records"));
        if (options.Demo && cluster is EmbeddedManagementCluster simulated)
            builder.Services.AddSingleton<IPastPods>(new SimulatedPast(simulated.Clusters));
        if (provider is not null)
            builder.Services.AddSignIn(new(provider.Settings, provider.Settings.ExternalUrl ?? RestAddress(port)), provider, judgesItself: cluster.IsExternal);
        builder.Services.AddProblemDetails();
        var application = builder.Build();
        application.MapHealth();
        application.MapMetrics();
        application.MapClusterManagerApi();
        application.MapStateManagerApi();
        application.MapObservabilityApi();
        application.MapRecommendations();
        application.MapTelemetryTokens();
        application.MapLooks();
        application.MapIngest();
        application.MapHelmRepository("/charts", folder.Catalog);
        application.MapConsole(Path.Combine(AppContext.BaseDirectory, "console"));
        try
        {
            await application.StartAsync(ct);
        }
        catch
        {
            await StopAsync(application);
            throw;
        }

        toStop.Push(() => StopAsync(application));
        (cluster as EmbeddedManagementCluster)?.Use(application.Services.GetRequiredService<IManifestGate>());
        return application;
    }

    private static async ValueTask StopAsync(WebApplication application)
    {
        await application.StopAsync(CancellationToken.None);
        await application.DisposeAsync();
    }

    private static ValueTask Stop(Action stop)
    {
        stop();
        return ValueTask.CompletedTask;
    }
}
