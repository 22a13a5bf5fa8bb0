using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Fleet.ControlPlane.Machinery;
using Fleet.ControlPlane.Simulation.Nodes;
using Fleet.ControlPlane.Simulation.Objects;
using Fleet.ControlPlane.Simulation.Persistence;
using Fleet.ControlPlane.Simulation.Scheduling;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Resources;

namespace Fleet.ControlPlane.Simulation.Clusters;

/// <summary>Starts, fills and stops simulated clusters. Every operation is idempotent and may be called from any thread.</summary>
internal sealed class SimulatedClusters(IClusterRegistry registry, LaneScheduler scheduler, SimulationOptions options, TimeProvider clock)
{
    private readonly WorkloadControllers controllers = new();
    private readonly SnapshotReconciler snapshots = new();
    private readonly ConcurrentDictionary<string, Running> running = new(StringComparer.Ordinal);
    private readonly Lock gate = new();

    public int Count => running.Count;

    /// <summary>The API of a running cluster; null when there is none of that name.</summary>
    public IClusterApi? Find(string name) => running.TryGetValue(name, out var found) ? found.Cluster.Api : null;

    public IClusterApi Start(string name)
    {
        lock (gate)
        {
            if (running.TryGetValue(name, out var found))
                return found.Cluster.Api;
            return Run(name, registry.Add(name)).Cluster.Api;
        }
    }

    /// <summary>Runs the controllers on a cluster that somebody else made.</summary>
    public void Attach(IClusterApi api)
    {
        lock (gate)
        {
            if (!running.ContainsKey(api.Name))
                Run(api.Name, api);
        }
    }

    public bool Remove(string name)
    {
        lock (gate)
        {
            if (!running.TryRemove(name, out var found))
                return registry.Remove(name);
            found.Subscription.Dispose();
            scheduler.Close(found.Lane);
            (found.Cluster.Api as Cluster)?.Settings.Snapshots?.Forget(name);
            return registry.Remove(name);
        }
    }

    /// <summary>Registers a node, with the first one also what every cluster has. A node that is there is left as it is.</summary>
    public async ValueTask AddNodeAsync(string cluster, NodeSpec node, CancellationToken ct)
    {
        var api = Start(cluster);
        if (api.Get(CoreKinds.Node, ObjectKey.Cluster(node.Name)) is not null)
            return;
        var nodes = api.List(CoreKinds.Node);
        var taken = nodes.Select(n => n.Text("spec", "podCIDR")).ToHashSet();
        var index = 0;
        while (taken.Contains(NodeFactory.PodNetwork(index)))
            index++;
        try
        {
            await api.CreateAsync(CoreKinds.Node, NodeFactory.Make(node, index, clock.GetUtcNow()), ct);
        }
        catch (KubeApiException present) when (present.IsAlreadyExists)
        {
            return;
        }
        if (nodes.Count == 0)
            await SystemObjects.EnsureAsync(api, node.Version, ct);
    }

    /// <summary>What somebody else than a kubelet knows of a node; nothing when there is no such node.</summary>
    public async ValueTask ChangeNodeAsync(string cluster, string node, Func<JsonObject, bool> change, CancellationToken ct)
    {
        if (Find(cluster) is { } api)
            await api.ChangeAsync(CoreKinds.Node, ObjectKey.Cluster(node), change, status: false, ct);
    }

    /// <summary>What a kubelet (or its absence) means for a node's status.</summary>
    public async ValueTask ChangeNodeStatusAsync(string cluster, string node, Func<JsonObject, bool> change, CancellationToken ct)
    {
        if (Find(cluster) is { } api)
            await api.ChangeAsync(CoreKinds.Node, ObjectKey.Cluster(node), change, status: true, ct);
    }

    /// <summary>The kubelet of a node is replaced by another version.</summary>
    public async ValueTask ChangeNodeVersionAsync(string cluster, string node, string version, CancellationToken ct)
    {
        if (Find(cluster) is { } api)
            await api.ChangeAsync(CoreKinds.Node, ObjectKey.Cluster(node),
                n => n.Ensure("status", "nodeInfo").Put("kubeletVersion", version) | n.Ensure("status", "nodeInfo").Put("kubeProxyVersion", version), status: true, ct);
    }

    public async ValueTask RemoveNodeAsync(string cluster, string node, CancellationToken ct)
    {
        if (Find(cluster) is { } api)
            await api.DeleteAsync(CoreKinds.Node, ObjectKey.Cluster(node), DeleteOptions.Background, ct);
    }

    /// <summary>Writes what is not on disk yet; called when nothing runs any more.</summary>
    public void SaveAll()
    {
        foreach (var found in running.Values)
        {
            found.Subscription.Dispose();
            (found.Cluster.Api as Cluster)?.Settings.Snapshots?.Save(found.Cluster.Api.Name);
        }
    }

    private Running Run(string name, IClusterApi api)
    {
        var cluster = new WorkloadCluster(api, clock, options.Timings);
        var lane = new Lane(cluster);
        void Enqueue(WorkItem item) => scheduler.Enqueue(lane, item);
        // Subscribed before the list, so that nothing falls between the two.
        var kept = api is Cluster { IsManagement: false, Settings.Snapshots: not null } stored ? stored : null;
        var save = new WorkItem(snapshots, ObjectKey.Cluster(name));
        var subscription = api.Subscribe(change =>
        {
            controllers.Route(cluster, change, Enqueue);
            if (kept is null)
                return;
            kept.Settings.Snapshots!.Note(kept);
            scheduler.EnqueueAfter(lane, save, SnapshotReconciler.Delay);
        });
        controllers.EnqueueAll(cluster, Enqueue);
        return running[name] = new(cluster, lane, subscription);
    }

    private sealed record Running(WorkloadCluster Cluster, Lane Lane, IDisposable Subscription);
}
