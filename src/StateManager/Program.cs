using Fleet.Contracts;
using Fleet.Control.Health;
using Fleet.Control.Hosting;
using Fleet.Control.Metrics;
using Fleet.Control.Ownership;
using Fleet.Rest.SignIn;
using Fleet.Rest.Telemetry;
using Fleet.Rest.Tls;
using Fleet.StateManager;
using Fleet.StateManager.Api;

// --replica NAME [--replica-namespace NAMESPACE] [--replica-pool POOL] [--replica-address IP [--replica-port PORT]]: one of several, which share out the clusters (docs/reliability.md).
// --tls-cert FILE --tls-key FILE --urls https://+:8082: serves TLS, and a renewed certificate without a restart.
var builder = ServiceBuilder.Create(args).AddTelemetryExport("fleet-state-manager").AddTls();
var options = builder.Configuration.GetSection("StateManager").Get<StateManagerOptions>() ?? new();
// The connection string holds a password, so it comes in a file.
if (builder.Configuration["postgres"] is { } file)
{
    var database = (await File.ReadAllTextAsync(file)).Trim();
    options = options with { Audit = options.Audit with { Database = database }, Drift = options.Drift with { Database = database }, Compliance = options.Compliance with { Database = database } };
}

builder.Services.AddProblemDetails();
if (ReplicaSettings.From(builder.Configuration, "state-manager", FleetApi.SystemNamespace) is { } replica)
    builder.Services.AddOwnership(replica);
builder.Services.AddStateManager(options);
// --oidc FILE: tokens of this OpenID provider are good here, as they are at the ClusterManager.
builder.Services.AddSignIn(builder.Configuration);

var app = builder.Build();
app.MapMetrics();
app.MapHealth();
app.MapStateManagerApi();
await app.RunAsync();
