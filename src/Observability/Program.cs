using Fleet.Control;
using Fleet.Control.Health;
using Fleet.Control.Hosting;
using Fleet.Control.Metrics;
using Fleet.Kubernetes;
using Fleet.Kubernetes.Configuration;
using Fleet.Kubernetes.Resources;
using Fleet.Observability;
using Fleet.Observability.Api;

// fleet-observability --postgres FILE [--kubeconfig FILE] [--context NAME] [--urls http://127.0.0.1:8083]; FILE holds a connection string.
var builder = ServiceBuilder.Create(args);
var database = builder.Configuration["postgres"] ?? throw new KubeConfigException("name the file with PostgreSQL's connection string: --postgres FILE");
var kubeconfig = builder.Configuration["kubeconfig"];
var endpoint = KubeConfig.LoadEndpoint(new() { Paths = kubeconfig is null ? null : [kubeconfig], Context = builder.Configuration["context"] });

builder.Services.AddProblemDetails();
builder.Services.AddControl();
builder.Services.AddSingleton<IKubernetesClient>(KubernetesClient.Create(endpoint, new() { UserAgent = "fleet-observability" }));
builder.Services.AddObservability((await File.ReadAllTextAsync(database)).Trim());

var app = builder.Build();
app.MapHealth();
app.MapMetrics();
app.MapObservabilityApi();
await app.RunAsync();
