using Fleet.ControlPlane.Simulation.Objects;
using Fleet.Kubernetes.Objects;

namespace Fleet.ControlPlane.ClusterApi;

/// <summary>
/// The name of the simulated cluster behind a Cluster: <c>namespace-name</c>, unless another Cluster has that name already
/// (a-b/c and a/b-c would share it). Names that were given out stand on the infrastructure objects and are claimed again on start.
/// </summary>
internal sealed class WorkloadNames
{
    private readonly Lock gate = new();
    private readonly Dictionary<string, ObjectKey> owners = new(StringComparer.Ordinal);
    private readonly Dictionary<ObjectKey, string> names = [];

    public string Of(ObjectKey cluster)
    {
        lock (gate)
        {
            if (names.TryGetValue(cluster, out var known))
                return known;
            var name = $"{cluster.Namespace}-{cluster.Name}";
            if (owners.ContainsKey(name))
                name = $"{name}-{StableHash.Suffix(cluster.ToString(), 5)}";
            return Note(cluster, name);
        }
    }

    public void Claim(ObjectKey cluster, string name)
    {
        lock (gate)
            Note(cluster, name);
    }

    public void Release(ObjectKey cluster)
    {
        lock (gate)
        {
            if (names.Remove(cluster, out var name))
                owners.Remove(name);
        }
    }

    private string Note(ObjectKey cluster, string name)
    {
        owners[name] = cluster;
        return names[cluster] = name;
    }
}
