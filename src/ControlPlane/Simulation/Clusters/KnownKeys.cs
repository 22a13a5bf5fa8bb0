using Fleet.Kubernetes.Objects;

namespace Fleet.ControlPlane.Simulation.Clusters;

/// <summary>The keys of one kind in a cluster, kept up by its changes, so that a change elsewhere finds who has to look. Safe for concurrent use.</summary>
internal sealed class KnownKeys
{
    private readonly Lock gate = new();
    private HashSet<ObjectKey>? keys;

    public void Note(ObjectKey key, bool present)
    {
        lock (gate)
        {
            if (present)
                (keys ??= []).Add(key);
            else
                keys?.Remove(key);
        }
    }

    /// <summary>A null namespace means all.</summary>
    public ObjectKey[] In(string? @namespace)
    {
        lock (gate)
            return keys is null ? [] : keys.Where(k => @namespace is null || k.Namespace == @namespace).ToArray();
    }
}
