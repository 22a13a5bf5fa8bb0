using Fleet.Cost.Assets;

namespace Fleet.Cost.Focus;

/// <summary>What is known of the machines, disks and other things that charges are parts of. One for each set of assets, since the same name may be another machine an hour later.</summary>
internal sealed class FocusResources
{
    private readonly Dictionary<(string Cluster, string Type, string Name), FocusResource> known = [];

    public FocusResources(AssetSet? assets)
    {
        // Of two machines of one name in a window, one has to do: their costs are in one row already.
        foreach (var node in assets?.Nodes ?? [])
            known[(node.Cluster, "Node", node.Name)] = new(IdOf(node.ProviderId, node.Cluster, "Node", node.Name), "Node", node.Name)
            {
                Region = Label(node, "topology.kubernetes.io/region"), Zone = Label(node, "topology.kubernetes.io/zone"), IsSpot = node.IsSpot, Discount = node.Discount,
            };
    }

    public FocusResource Node(string cluster, string name) => Of(cluster, "Node", name, "");

    public FocusResource Disk(string cluster, string name, string providerId) => Of(cluster, "PersistentVolume", name, providerId);

    public FocusResource Other(string cluster, string type, string name) => Of(cluster, type, name, "");

    private FocusResource Of(string cluster, string type, string name, string providerId)
    {
        if (!known.TryGetValue((cluster, type, name), out var resource))
            known[(cluster, type, name)] = resource = new(IdOf(providerId, cluster, type, name), type, name);
        return resource;
    }

    private static string IdOf(string providerId, string cluster, string type, string name) => providerId.Length > 0 ? providerId : $"{cluster}/{type}/{name}";

    private static string? Label(NodeAsset node, string key) => node.Labels.TryGetValue(key, out var value) && value.Length > 0 ? value : null;
}
