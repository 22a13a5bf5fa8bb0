using System.Collections.Concurrent;
using Fleet.Helm.Versions;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Watching;

namespace Fleet.Integration.Tests.ClusterManager;

/// <summary>Looks at every change of every Machine and notes each moment at which a worker is newer than the oldest API server, or a rule of skew is broken.</summary>
internal sealed class SkewWatch : IAsyncDisposable
{
    private readonly Dictionary<string, (SemanticVersion Version, bool IsControlPlane)> machines = [];
    private readonly Informer<DynamicObject, DynamicObject> informer;
    private readonly Lock gate = new();

    private SkewWatch(Informer<DynamicObject, DynamicObject> informer) => this.informer = informer;

    public ConcurrentQueue<string> Breaches { get; } = [];

    /// <summary>Machines as they came, in order: role and version.</summary>
    public ConcurrentQueue<string> Made { get; } = [];

    public static async Task<SkewWatch> StartAsync(UpgradeStage stage)
    {
        var kind = await stage.CapiClient.FindKindAsync(new("cluster.x-k8s.io", "v1beta2", "Machine"), CancellationToken.None);
        var informer = stage.CapiClient.Dynamic(kind!).Informer(new InformerOptions<DynamicObject, DynamicObject> { Project = machine => machine });
        var watch = new SkewWatch(informer);
        informer.Subscribe(watch.Look);
        informer.Start();
        await informer.WaitForSyncAsync(CancellationToken.None);
        watch.Made.Clear();
        return watch;
    }

    public ValueTask DisposeAsync() => informer.DisposeAsync();

    private void Look(InformerEvent<DynamicObject> change)
    {
        lock (gate)
        {
            var name = change.Item.Key.Name;
            if (change.Type == InformerEventType.Deleted)
            {
                machines.Remove(name);
                return;
            }
            var seen = (Version: UpgradeStage.Version(change.Item), IsControlPlane: UpgradeStage.IsControlPlane(change.Item));
            if (!machines.ContainsKey(name))
                Made.Enqueue($"{(seen.IsControlPlane ? "control plane" : "worker")} {seen.Version}");
            machines[name] = seen;
            var servers = machines.Values.Where(machine => machine.IsControlPlane).Select(machine => machine.Version).ToList();
            var workers = machines.Values.Where(machine => !machine.IsControlPlane).Select(machine => machine.Version).ToList();
            if (servers.Count == 0 || workers.Count == 0)
                return;
            if (workers.Max()! > servers.Min()!)
                Breaches.Enqueue($"{name}: a worker at {workers.Max()} while an API server is at {servers.Min()}");
            if (servers.Max()!.Minor > servers.Min()!.Minor + 1)
                Breaches.Enqueue($"{name}: API servers at {servers.Min()} and {servers.Max()}");
        }
    }
}
