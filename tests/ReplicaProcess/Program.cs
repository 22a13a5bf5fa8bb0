using System.Globalization;
using Fleet.Control;
using Fleet.Control.Ownership;
using Fleet.Control.Watching;
using Fleet.Kubernetes;
using Fleet.Kubernetes.Configuration;
using Fleet.Kubernetes.Core;
using Fleet.Kubernetes.Resources;
using Fleet.Kubernetes.Watching;
using Fleet.ReplicaProcess;
using Fleet.ReplicaProcess.Stores;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

// Fleet.ReplicaProcess KUBECONFIG NAMESPACE REPLICA HISTORY LEASE-SECONDS [announce]: one replica of a service that counts in each ConfigMap with the label "counted", alone in a
// process that a test may kill, freeze or cut off. What it tried and what came of it is in HISTORY, a line each. What else it does is in Settings.
var (kubeconfig, @namespace, replica, history) = (args[0], args[1], args[2], args[3]);
var lease = TimeSpan.FromSeconds(double.Parse(args[4], CultureInfo.InvariantCulture));

var management = KubernetesClient.Create(KubeConfig.FollowEndpoint(kubeconfig, null), new() { UserAgent = replica });
ICountStore View(ICountStore store) => Settings.HeldBack is { } file ? new HeldBackView(store, file) : store;
IKubernetesClient? ClientOf(string folder, string cluster) =>
    Path.Combine(folder, $"{cluster}.kubeconfig") is var file && File.Exists(file)
        ? KubernetesClient.Create(KubeConfig.FollowEndpoint(file, null), new() { UserAgent = replica, Timeout = TimeSpan.FromSeconds(5), ConnectTimeout = TimeSpan.FromSeconds(3) })
        : null;
List<ICountStore> others = [];
if (Settings.Rows is { } rows)
    others.Add(View(new RowStore(NpgsqlDataSource.Create(rows))));
if (Settings.Clusters is { } clusters)
    others.Add(View(new ObjectStore("clusters", cluster => ClientOf(clusters, cluster), cluster => new("default", $"count-{cluster}"))));
var counting = new Counting(
    View(new ObjectStore("api", _ => management, cluster => new(@namespace, cluster))), others, Settings.Notes is { } folder ? new(folder) : null,
    others.Count > 0 ? TimeSpan.FromSeconds(1) : TimeSpan.FromMilliseconds(500));

var builder = Host.CreateApplicationBuilder();
builder.Logging.SetMinimumLevel(LogLevel.Information).AddSimpleConsole(console => (console.SingleLine, console.TimestampFormat) = (true, "HH:mm:ss.fff "));
builder.Services.AddSingleton<TimeProvider>(Settings.Clock is { } shift ? new ShiftedClock(shift) : TimeProvider.System);
builder.Services.AddSingleton<IKubernetesClient>(management);
builder.Services.AddSingleton(counting);
builder.Services.AddSingleton(CrashPoint.Parse(Settings.Crash));
builder.Services.AddSingleton(new History(history, replica));
builder.Services.AddOwnership(new()
{
    Service = "counter", Replica = replica, Namespace = @namespace, Pool = Settings.Pool, LeaseDuration = lease, RenewEvery = lease / 3, Address = args.ElementAtOrDefault(5) == "announce" ? Settings.Address ?? "127.0.0.1" : null,
});
builder.Services.AddController<CountReconciler>(services => new()
{
    Name = "counter",
    Timeout = TimeSpan.FromSeconds(20),
    // A bound on how long all clusters take to be as wanted again must not be that of a pause between tries.
    Backoff = new() { Longest = TimeSpan.FromSeconds(5) },
    Triggers =
    [
        new InformerTrigger<ConfigMap, string>(
            services.GetRequiredService<IKubernetesClient>().Resource(CoreTypes.ConfigMaps).Informer(new InformerOptions<ConfigMap, string>
            {
                Project = static map => map.Metadata.Uid ?? "", Namespace = @namespace, LabelSelector = "counted", Unchanged = EqualityComparer<string>.Default,
            }),
            change => [change.Key]),
    ],
    GrainOf = Fleet.Control.Grains.GrainId.OfCluster,
});
await builder.Build().RunAsync();
