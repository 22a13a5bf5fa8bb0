using Fleet.ClusterManager;
using Fleet.ClusterManager.Api;
#if GRAINS_ON_ORLEANS
using Fleet.ClusterManager.Orleans;
#endif
using Fleet.ClusterManager.Webhooks;
using Fleet.Contracts;
using Fleet.Control.Health;
using Fleet.Control.Hosting;
using Fleet.Control.Metrics;
using Fleet.Control.Ownership;
using Fleet.Helm;
using Fleet.Helm.Catalog;
using Fleet.Helm.Releases;
using Fleet.Kubernetes;
using Fleet.Kubernetes.Configuration;
using Fleet.Kubernetes.Resources;
using Fleet.Rest.SignIn;
using Fleet.Rest.Telemetry;
using Fleet.Rest.Tls;
using Fleet.Rest.WebConsole;

// fleet-cluster-manager [--kubeconfig FILE] [--context NAME] [--data FOLDER] [--secrets FOLDER] [--helm BINARY] [--postgres FILE] [--backups FOLDER] [--urls http://127.0.0.1:8081]
//   --replica NAME [--replica-namespace NAMESPACE] [--replica-pool POOL] [--replica-address IP [--replica-port PORT]]: one of several, which share out the clusters (docs/reliability.md).
//   --oidc FILE: people sign in by the OpenID provider that this file tells of (docs/guides/access.md).
//   --webhook-service NAMESPACE/NAME [--webhook-port 9443]: serves admission for that Service. --catalog FOLDER: serves the charts of this folder at /charts. --console FOLDER: serves the web console.
//   --tls-cert FILE --tls-key FILE --urls https://+:8081: serves TLS, and a renewed certificate without a restart.
// Values and kubeconfigs of single calls of helm lie in memory, or below the folder that --secrets names. FILE holds the connection string of the audit's database; without it the audit goes to the log.
var builder = ServiceBuilder.Create(args).AddTelemetryExport("fleet-cluster-manager").AddTls();
var file = builder.Configuration["kubeconfig"] ?? Environment.GetEnvironmentVariable("KUBECONFIG")
    ?? throw new KubeConfigException("name the management cluster: --kubeconfig FILE or KUBECONFIG=FILE");
var context = builder.Configuration["context"];
var endpoint = KubeConfig.FollowEndpoint(file, context);

builder.Services.AddProblemDetails();
builder.Services.AddSingleton<IKubernetesClient>(KubernetesClient.Create(endpoint, new() { UserAgent = "fleet-cluster-manager" }));
var data = builder.Configuration["data"] ?? Path.Combine(Path.GetTempPath(), "fleet-cluster-manager");
builder.Services.AddHelm(new()
{
    Folder = data,
    SecretsFolder = builder.Configuration["secrets"],
    BinaryPath = builder.Configuration["helm"],
});
var database = builder.Configuration["postgres"] is { } postgres ? (await File.ReadAllTextAsync(postgres)).Trim() : null;
#if GRAINS_ON_ORLEANS
builder.Services.AddOrleansGrains(OrleansGrainOptions.From(
    "fleet-cluster-manager", database ?? throw new InvalidOperationException("silos of Orleans meet in a database: --postgres FILE"), Environment.GetEnvironmentVariable));
#else
if (ReplicaSettings.From(builder.Configuration, "cluster-manager", FleetApi.SystemNamespace) is { } replica)
    builder.Services.AddOwnership(replica);
#endif
builder.Services.AddClusterManager(ClusterManagerSettings.Apply(
    new()
    {
        // Whoever runs the program named the file, so it may name files and programs in turn.
        Management = ClusterAccess.OfFile(file, context),
        Audit = new() { Database = database },
        Backups = new() { Database = database, Folder = builder.Configuration["backups"] },
        Webhook = WebhookOptions.For(builder.Configuration["webhook-service"], builder.Configuration["webhook-port"]),
    },
    Environment.GetEnvironmentVariable));

builder.Services.AddSignIn(builder.Configuration);

var app = builder.Build();
app.MapHealth();
app.MapMetrics();
app.MapClusterManagerApi();
if (builder.Configuration["catalog"] is { } charts)
{
    var published = Path.Combine(data, "catalog");
    await CatalogFolder.PublishAsync(charts, published, CancellationToken.None);
    app.MapHelmRepository("/charts", published);
}
if (builder.Configuration["console"] is { } console)
    app.MapConsole(console);
await app.RunAsync();
