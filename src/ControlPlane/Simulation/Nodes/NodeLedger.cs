using System.Text.Json.Nodes;
using Fleet.ControlPlane.Machinery;
using Fleet.ControlPlane.Simulation.Objects;
using Fleet.Kubernetes.Objects;

namespace Fleet.ControlPlane.Simulation.Nodes;

/// <summary>
/// What is free on which node, as the scheduler sees it. Rebuilt from the cluster when first asked, then kept up to date by
/// the pod reconciler; only the cluster's own lane touches it.
/// </summary>
internal sealed class NodeLedger(IClusterApi api)
{
    private readonly Dictionary<string, NodeRoom> nodes = new(StringComparer.Ordinal);
    private readonly Dictionary<ObjectKey, (string Node, PodRequest Request)> pods = [];
    private volatile bool stale = true;
    private bool seeded;

    /// <summary>Nodes have changed; called from writers' threads.</summary>
    public void Invalidate() => stale = true;

    public IReadOnlyCollection<NodeRoom> All
    {
        get
        {
            Refresh();
            return nodes.Values;
        }
    }

    public NodeRoom? Find(string name)
    {
        Refresh();
        return nodes.GetValueOrDefault(name);
    }

    public void Place(ObjectKey pod, string node, PodRequest request)
    {
        Release(pod);
        pods[pod] = (node, request);
        nodes.GetValueOrDefault(node)?.Take(request);
    }

    public void Release(ObjectKey pod)
    {
        if (pods.Remove(pod, out var place))
            nodes.GetValueOrDefault(place.Node)?.Give(place.Request);
    }

    public IEnumerable<ObjectKey> PodsOn(string node) => pods.Where(p => p.Value.Node == node).Select(p => p.Key);

    private void Refresh()
    {
        if (!stale)
            return;
        stale = false;
        var seen = api.List(CoreKinds.Node);
        foreach (var gone in nodes.Keys.Except(seen.Select(n => n.NameOf())).ToList())
            nodes.Remove(gone);
        foreach (var node in seen)
        {
            if (nodes.TryGetValue(node.NameOf(), out var room))
                room.Update(node);
            else
                Add(node);
        }
        if (!seeded)
            Seed();
    }

    private void Add(JsonObject node)
    {
        var room = new NodeRoom(node);
        nodes[room.Name] = room;
        foreach (var (_, place) in pods.Where(p => p.Value.Node == room.Name))
            room.Take(place.Request);
    }

    private void Seed()
    {
        seeded = true;
        foreach (var pod in api.List(CoreKinds.Pod))
        {
            if (pod.Text("spec", "nodeName") is { } node && pod.Text("status", "phase") is not ("Succeeded" or "Failed"))
                Place(pod.KeyOf(), node, PodRequest.Of(pod));
        }
    }
}
