using Fleet.Cost.Allocations;
using Fleet.Observability.Objects;

namespace Fleet.Observability.Pricing;

/// <summary>Labels of pods with those of their namespaces below, and the services that select them. The same texts are the same objects, since there are many pods of few workloads.</summary>
internal sealed class PodMetadata(IReadOnlyList<NamespaceRow> namespacesOfCluster, IReadOnlyList<ServiceRow> servicesOfCluster)
{
    private readonly Dictionary<string, NamespaceRow> namespaces = namespacesOfCluster.ToDictionary(row => row.Name);
    private readonly ILookup<string, ServiceRow> services = servicesOfCluster.ToLookup(service => service.Key.Namespace);
    private readonly Dictionary<(string Namespace, Texts Pod), IReadOnlyDictionary<string, string>> labels = [];
    private readonly Dictionary<(string Namespace, Texts Pod), IReadOnlyDictionary<string, string>> annotations = [];

    public AllocationProperties Of(PodRow pod, string container) => new()
    {
        Node = pod.Node,
        Namespace = pod.Key.Namespace,
        ControllerKind = pod.ControllerKind,
        Controller = pod.Controller,
        Pod = pod.Key.Name,
        Container = container,
        Services = [.. services[pod.Key.Namespace].Where(service => service.Selects(pod)).Select(service => service.Key.Name).Order(StringComparer.Ordinal)],
        Labels = Merged(labels, pod.Key.Namespace, pod.Labels, row => row.Labels),
        Annotations = Merged(annotations, pod.Key.Namespace, pod.Annotations, row => row.Annotations),
    };

    private IReadOnlyDictionary<string, string> Merged(
        Dictionary<(string, Texts), IReadOnlyDictionary<string, string>> known, string ns, Texts own, Func<NamespaceRow, Texts> below)
    {
        if (known.TryGetValue((ns, own), out var merged))
            return merged;
        if (namespaces.GetValueOrDefault(ns) is not { } row || below(row).Values.Count == 0)
            return known[(ns, own)] = own.Values;
        var both = new Dictionary<string, string>(below(row).Values);
        foreach (var (key, value) in own.Values)
            both[key] = value;
        return known[(ns, own)] = both;
    }
}
