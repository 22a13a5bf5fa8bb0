using Fleet.Kubernetes.Objects;

namespace Fleet.Observability.Collection;

/// <summary>A pod as an API server listed it.</summary>
internal readonly record struct ListedPod(string Uid, ObjectKey Key, DateTimeOffset Created);

/// <summary>
/// Pods by their name, for answers of kubelets that have no uids (<c>/metrics/resource</c>, <c>/metrics/cadvisor</c>). A name is used again after its pod has gone,
/// and a list may be older than an answer, so the start of a container decides: what started before its pod was made belongs to the one before.
/// </summary>
internal sealed class PodDirectory
{
    /// <summary>Creation times have whole seconds, and the clocks of nodes are not that of the API server.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(5);

    private readonly Dictionary<ObjectKey, ListedPod> pods = [];
    private readonly HashSet<string> uids = new(StringComparer.Ordinal);

    public PodDirectory(IEnumerable<ListedPod> listed)
    {
        foreach (var pod in listed)
        {
            uids.Add(pod.Uid);
            // Of two with a name the younger one is there now.
            if (!pods.TryGetValue(pod.Key, out var other) || pod.Created > other.Created)
                pods[pod.Key] = pod;
        }
    }

    public bool Has(string uid) => uids.Contains(uid);

    /// <summary>Null when there is no such pod, or another one had the name when the container started.</summary>
    public string? UidOf(string @namespace, string pod, DateTimeOffset? started) =>
        pods.TryGetValue(new(@namespace, pod), out var found) && !(started + Grace < found.Created) ? found.Uid : null;
}
