using Fleet.ClusterManager;
using Fleet.ClusterManager.Api;
using Fleet.Control.Health;
using Fleet.Control.Hosting;
using Fleet.Control.Metrics;
using Fleet.Helm;
using Fleet.Helm.Releases;
using Fleet.Kubernetes;
using Fleet.Kubernetes.Configuration;
using Fleet.Kubernetes.Resources;
using Fleet.Rest.Telemetry;

// fleet-cluster-manager [--kubeconfig FILE] [--context NAME] [--data FOLDER] [--secrets FOLDER] [--helm BINARY] [--postgres FILE] [--urls http://127.0.0.1:8081]
// Values and kubeconfigs of single calls of helm lie in memory, or below the folder that --secrets names. FILE holds the connection string of the audit's database; without it the audit goes to the log.
var builder = ServiceBuilder.Create(args).AddTelemetryExport("fleet-cluster-manager");
var file = builder.Configuration["kubeconfig"] ?? Environment.GetEnvironmentVariable("KUBECONFIG")
    ?? throw new KubeConfigException("name the management cluster: --kubeconfig FILE or KUBECONFIG=FILE");
var context = builder.Configuration["context"];
var endpoint = KubeConfig.LoadEndpoint(new() { Paths = [file], Context = context });

builder.Services.AddProblemDetails();
builder.Services.AddSingleton<IKubernetesClient>(KubernetesClient.Create(endpoint, new() { UserAgent = "fleet-cluster-manager" }));
builder.Services.AddHelm(new()
{
    Folder = builder.Configuration["data"] ?? Path.Combine(Path.GetTempPath(), "fleet-cluster-manager"),
    SecretsFolder = builder.Configuration["secrets"],
    BinaryPath = builder.Configuration["helm"],
});
var database = builder.Configuration["postgres"] is { } postgres ? (await File.ReadAllTextAsync(postgres)).Trim() : null;
builder.Services.AddClusterManager(ClusterManagerSettings.Apply(
    new() { Management = new ClusterAccess(await File.ReadAllTextAsync(file), context), Audit = new() { Database = database } }, Environment.GetEnvironmentVariable));

var app = builder.Build();
app.MapHealth();
app.MapMetrics();
app.MapClusterManagerApi();
await app.RunAsync();
