using System.Globalization;
using Fleet.Control;
using Fleet.Control.Health;
using Fleet.Control.Hosting;
using Fleet.Control.Metrics;
using Fleet.Control.Queueing;
using Fleet.Kubernetes;
using Fleet.Kubernetes.Configuration;
using Fleet.Kubernetes.Resources;
using Fleet.Observability.Collection;
using Fleet.Observability.Collection.Agents;
using Fleet.Observability.Ingest;
using Fleet.Observability.Ingest.Forwarding;
using Fleet.Observability.Ingest.Queue;
using Fleet.Observability.Ingest.Stores;
using Fleet.Observability.Kubelets;
using Fleet.Observability.Metrics;
using Fleet.Rest.Telemetry;

namespace Fleet.Observability.Agent;

/// <summary>
/// <c>fleet-observability agent</c>: the looks of this service at one cluster, made within it and sent to Fleet. It has no database and speaks to nobody but its API server, kubelets where they are asked, and Fleet.
/// </summary>
internal static class AgentProgram
{
    public const string Verb = "agent";

    public static async Task RunAsync(string[] args)
    {
        var builder = ServiceBuilder.Create(args).AddTelemetryExport("fleet-agent");
        var options = AgentOptions.For(name => builder.Configuration[name]);
        var endpoint = builder.Configuration["kubeconfig"] is { } kubeconfig
            ? KubeConfig.FollowEndpoint(kubeconfig, builder.Configuration["context"])
            : InClusterConfig.Load();
        builder.Services.AddControl();
        builder.Services.AddSingleton<IKubernetesClient>(KubernetesClient.Create(endpoint, new() { UserAgent = "fleet-agent" }));
        builder.Services.AddSingleton<IKubelets>(_ => new DirectKubelets(endpoint.Credential, options.KubeletCaFile));
        builder.Services.AddAgent(options);
        var app = builder.Build();
        app.MapHealth();
        app.MapMetrics();
        await app.RunAsync();
    }

    internal static IServiceCollection AddAgent(this IServiceCollection services, AgentOptions options)
    {
        services.AddSingleton(options);
        services.AddSingleton(new CollectionOptions());
        services.AddSingleton<AgentClock>();
        services.AddSingleton<AgentMetrics>();
        services.AddSingleton<IngestMetrics>();
        services.AddSingleton<ForwardMetrics>();
        services.AddSingleton<PodMetricsReader>();
        services.AddSingleton<KubeletReader>();
        services.AddSingleton<ClusterLooker>();
        services.AddSingleton(s => new AgentQueues(
            Open(s, options.Queue("looks", 0.6)), Open(s, options.Queue("samples", 0.3)), Open(s, options.Queue("events", 0.1))));
        services.AddSingleton<LookLoop>();
        services.AddSingleton<IReadinessCheck>(s => s.GetRequiredService<LookLoop>());
        services.AddHostedService(s => s.GetRequiredService<LookLoop>());
        services.AddHostedService<EventLoop>();
        // Not AddHostedService, which takes one of a type.
        services.AddSingleton<IHostedService>(s => Forward(s, s.GetRequiredService<AgentQueues>().Looks, new("looks", options.At(LookEndpoint.Path), options.Queue("looks", 0.6), "application/json")
        {
            Describe = request => request.Headers.Add(
                LookEndpoint.SentHeader, s.GetRequiredService<TimeProvider>().GetUtcNow().ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture)),
            Told = s.GetRequiredService<AgentClock>().Told,
        }));
        services.AddSingleton<IHostedService>(s => Forward(
            s, s.GetRequiredService<AgentQueues>().Events, new("events", options.At("/v1/logs"), options.Queue("events", 0.1), "application/x-protobuf") { Refused = PartialSuccess.RefusedAsync }));
        services.AddHostedService(s => new StoreSender(
            s.GetRequiredService<AgentQueues>().Samples,
            new()
            {
                WriteAddress = options.At("/api/v1/write").Address, TokenFile = options.Fleet.TokenFile, CaFile = options.Fleet.CaFile, RefusesParts = true, RequestBytes = 1024 * 1024,
                FirstDelay = options.Fleet.FirstDelay, LongestDelay = options.Fleet.LongestDelay,
            },
            s.GetRequiredService<IngestMetrics>(), s.GetRequiredService<TimeProvider>(), s.GetRequiredService<IJitterSource>(), s.GetRequiredService<ILogger<StoreSender>>()));
        return services;
    }

    private static IngestQueue Open(IServiceProvider services, QueueOptions options) => IngestQueue.Open(options, services.GetRequiredService<IngestMetrics>(), services.GetRequiredService<ILogger<IngestQueue>>());

    private static Forwarder Forward(IServiceProvider services, IngestQueue queue, ForwardOptions options) => new(
        options, queue, services.GetRequiredService<ForwardMetrics>(), services.GetRequiredService<TimeProvider>(), services.GetRequiredService<IJitterSource>(),
        services.GetRequiredService<ILogger<Forwarder>>());
}
