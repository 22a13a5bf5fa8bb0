using Fleet.Control.Health;
using Fleet.Control.Hosting;
using Fleet.Control.Metrics;
using Fleet.Rest.SignIn;
using Fleet.Rest.Telemetry;
using Fleet.Rest.Tls;
using Fleet.StateManager;
using Fleet.StateManager.Api;

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
builder.Services.AddStateManager(options);
// --oidc FILE: tokens of this OpenID provider are good here, as they are at the ClusterManager.
builder.Services.AddSignIn(builder.Configuration);

var app = builder.Build();
app.MapMetrics();
app.MapHealth();
app.MapStateManagerApi();
await app.RunAsync();
