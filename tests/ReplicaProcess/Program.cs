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
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

// Fleet.ReplicaProcess KUBECONFIG NAMESPACE REPLICA HISTORY LEASE-SECONDS [announce]: one replica of a service that counts in each ConfigMap with the label "counted", alone in a
// process that a test may kill, freeze or cut off. What it tried and what came of it is in HISTORY, a line each.
var (kubeconfig, @namespace, replica, history) = (args[0], args[1], args[2], args[3]);
var lease = TimeSpan.FromSeconds(double.Parse(args[4], CultureInfo.InvariantCulture));

var builder = Host.CreateApplicationBuilder();
builder.Logging.SetMinimumLevel(LogLevel.Information).AddSimpleConsole(console => (console.SingleLine, console.TimestampFormat) = (true, "HH:mm:ss.fff "));
builder.Services.AddSingleton<IKubernetesClient>(KubernetesClient.Create(KubeConfig.FollowEndpoint(kubeconfig, null), new() { UserAgent = replica }));
builder.Services.AddSingleton(new History(history, replica));
builder.Services.AddOwnership(new()
{
    Service = "counter", Replica = replica, Namespace = @namespace, LeaseDuration = lease, RenewEvery = lease / 3, Address = args.ElementAtOrDefault(5) == "announce" ? "127.0.0.1" : null,
});
builder.Services.AddController<CountReconciler>(services => new()
{
    Name = "counter",
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
