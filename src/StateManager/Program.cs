using Fleet.Control.Health;
using Fleet.Control.Hosting;
using Fleet.Control.Metrics;
using Fleet.StateManager;

var builder = ServiceBuilder.Create(args);
builder.WebHost.UseKestrelHttpsConfiguration();
builder.Services.AddStateManager(builder.Configuration.GetSection("StateManager").Get<StateManagerOptions>() ?? new());

var app = builder.Build();
app.MapMetrics();
app.MapHealth();
await app.RunAsync();
