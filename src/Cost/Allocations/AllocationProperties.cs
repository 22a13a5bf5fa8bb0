namespace Fleet.Cost.Allocations;

/// <summary>Which Kubernetes object an allocation belongs to. A sum keeps what all of its parts have in common.</summary>
public sealed record AllocationProperties
{
    private static readonly IReadOnlyDictionary<string, string> None = new Dictionary<string, string>();

    /// <summary>The cluster's key: unique in the fleet, so that equal names in two clusters never mix.</summary>
    public string Cluster { get; init; } = "";

    public string Node { get; init; } = "";

    public string Namespace { get; init; } = "";

    /// <summary>OpenCost's word in lower case: deployment, statefulset, daemonset, job, …</summary>
    public string ControllerKind { get; init; } = "";

    public string Controller { get; init; } = "";

    public string Pod { get; init; } = "";

    public string Container { get; init; } = "";

    /// <summary>The provider's id of the node.</summary>
    public string ProviderId { get; init; } = "";

    /// <summary>Services that select the pod.</summary>
    public IReadOnlyList<string> Services { get; init; } = [];

    /// <summary>Labels of the pod with those of its namespace below, with the keys that Kubernetes has.</summary>
    public IReadOnlyDictionary<string, string> Labels { get; init; } = None;

    public IReadOnlyDictionary<string, string> Annotations { get; init; } = None;

    /// <summary>What both have in common.</summary>
    /// <param name="other">The other allocation's.</param>
    /// <param name="withMetadata">Whether labels and annotations that both have are kept; otherwise a sum has none.</param>
    public AllocationProperties Intersect(AllocationProperties other, bool withMetadata) => new()
    {
        Cluster = Both(Cluster, other.Cluster),
        Node = Both(Node, other.Node),
        Namespace = Both(Namespace, other.Namespace),
        ControllerKind = Both(ControllerKind, other.ControllerKind),
        Controller = Both(Controller, other.Controller),
        Pod = Both(Pod, other.Pod),
        Container = Both(Container, other.Container),
        ProviderId = Both(ProviderId, other.ProviderId),
        Services = Services.SequenceEqual(other.Services) ? Services : [.. Services.Intersect(other.Services)],
        Labels = withMetadata ? Both(Labels, other.Labels) : None,
        Annotations = withMetadata ? Both(Annotations, other.Annotations) : None,
    };

    private static string Both(string one, string other) => one == other ? one : "";

    private static IReadOnlyDictionary<string, string> Both(IReadOnlyDictionary<string, string> one, IReadOnlyDictionary<string, string> other) =>
        ReferenceEquals(one, other) ? one : one.Where(pair => other.TryGetValue(pair.Key, out var value) && value == pair.Value).ToDictionary();
}
