using Fleet.Contracts;
using Fleet.Control;
using Fleet.Control.Health;
using Fleet.Control.Hosting;
using Fleet.Control.Metrics;
using Fleet.Control.Ownership;
using Fleet.Kubernetes;
using Fleet.Kubernetes.Configuration;
using Fleet.Kubernetes.Resources;
using Fleet.Observability;
using Fleet.Observability.Agent;
using Fleet.Observability.Alerts;
using Fleet.Observability.Api;
using Fleet.Observability.Collection;
using Fleet.Observability.Collection.Agents;
using Fleet.Observability.Ingest;
using Fleet.Observability.Ingest.Records;
using Fleet.Observability.Ingest.Tokens;
using Fleet.Observability.Query.Prometheus;
using Fleet.Observability.Recommendations.Api;
using Fleet.Rest.SignIn;
using Fleet.Rest.Telemetry;
using Fleet.Rest.Tls;

// fleet-observability agent …: looks at the cluster that it runs in and sends to Fleet what it sees; see AgentOptions.
if (args is [AgentProgram.Verb, .. var rest])
{
    await AgentProgram.RunAsync(rest);
    return;
}

// fleet-observability --postgres FILE [--kubeconfig FILE] [--context NAME] [--urls http://127.0.0.1:8083]; FILE holds a connection string.
//   --replica NAME [--replica-namespace NAMESPACE] [--replica-pool POOL] [--replica-address IP [--replica-port PORT]]: one of several, which share out the clusters (docs/reliability.md).
//   --external-address URL: where people reach the console, for links in notifications. --alert-receivers-on-loopback true: receivers may be on this machine.
//   --oidc FILE: tokens of this OpenID provider are good here, as they are at the ClusterManager.
//   --tls-cert FILE --tls-key FILE --urls https://+:8083: serves TLS, and a renewed certificate without a restart.
//   --metrics-query URL: where that store is asked, when it is not beside the receiver.
//   --logs-otlp URL --traces-otlp URL [--otlp-token FILE] [--otlp-ca FILE] --queue FOLDER: logs and traces go on to OTLP/HTTP receivers instead of PostgreSQL.
//   --metrics-store URL --queue FOLDER [--metrics-store-token FILE] [--metrics-store-window 24h]: takes samples and sends them on to URL.
var builder = ServiceBuilder.Create(args).AddTelemetryExport("fleet-observability").AddTls();
var database = builder.Configuration["postgres"] ?? throw new KubeConfigException("name the file with PostgreSQL's connection string: --postgres FILE");
var kubeconfig = builder.Configuration["kubeconfig"];
var endpoint = kubeconfig is null
    ? KubeConfig.LoadEndpoint(new() { Context = builder.Configuration["context"] })
    : KubeConfig.FollowEndpoint(kubeconfig, builder.Configuration["context"]);

builder.Services.AddProblemDetails();
if (ReplicaSettings.From(builder.Configuration, "observability", FleetApi.SystemNamespace) is { } replica)
    builder.Services.AddOwnership(replica);
builder.Services.AddControl();
builder.Services.AddSingleton<IKubernetesClient>(KubernetesClient.Create(endpoint, new() { UserAgent = "fleet-observability" }));
var ingest = builder.Configuration["metrics-store"] is not { } store ? null : IngestOptions.For(
    builder.Configuration["queue"] ?? throw new KubeConfigException("name the folder in which samples wait for the store: --queue FOLDER"),
    store, builder.Configuration["metrics-store-token"], builder.Configuration["metrics-store-window"]);
builder.Services.AddObservability((await File.ReadAllTextAsync(database)).Trim(), ingest,
    MetricsQueryOptions.For(builder.Configuration["metrics-store"], builder.Configuration["metrics-query"], builder.Configuration["metrics-store-token"]),
    AlertOptions.For(builder.Configuration["alert-receivers-on-loopback"], builder.Configuration["external-address"]),
    collection: CollectionOptions.For(Environment.GetEnvironmentVariable("FLEET_COSTS_EVERY")),
    records: RecordTargets.For(
        builder.Configuration["logs-otlp"], builder.Configuration["traces-otlp"], builder.Configuration["otlp-token"], builder.Configuration["otlp-ca"], builder.Configuration["queue"]));
builder.Services.AddSignIn(builder.Configuration);

var app = builder.Build();
app.MapHealth();
app.MapMetrics();
app.MapObservabilityApi();
app.MapRecommendations();
app.MapTelemetryTokens();
app.MapIngest();
app.MapLooks();
await app.RunAsync();
