using Fleet.Kubernetes.Core;
using Fleet.Kubernetes.Objects;

namespace Fleet.Observability.Objects;

/// <summary>What costs are attributed to by service, and the load balancers among them.</summary>
/// <param name="Address">Of the load balancer; "" while there is none, so that nothing is paid yet.</param>
/// <param name="Ports">Forwarding rules of the load balancer.</param>
internal sealed record ServiceRow(string Uid, ObjectKey Key, Texts Selector, bool IsLoadBalancer, string Address, int Ports, DateTimeOffset Created)
{
    /// <summary>A service without a selector has no pods that are known by it.</summary>
    public bool Selects(PodRow pod) =>
        Selector.Values.Count > 0 && pod.Key.Namespace == Key.Namespace && Selector.Values.All(pair => pod.Labels[pair.Key] == pair.Value);

    public static ServiceRow Of(Service service)
    {
        var ingress = service.Status?.LoadBalancer?.Ingress?.FirstOrDefault();
        return new(
            service.Metadata.Uid ?? "", service.Metadata.Key, Texts.Of(service.Spec.Selector), service.Spec.Type == "LoadBalancer",
            ingress?.Ip ?? ingress?.Hostname ?? "", service.Spec.Ports?.Count ?? 0, service.Metadata.CreationTimestamp ?? default);
    }
}

/// <summary>Labels and annotations of a namespace are those of its pods too, where a pod has none of that name: OpenCost's rule.</summary>
internal sealed record NamespaceRow(string Uid, string Name, Texts Labels, Texts Annotations)
{
    public static NamespaceRow Of(Namespace found) => new(found.Metadata.Uid ?? "", found.Metadata.Name ?? "", Texts.Of(found.Metadata.Labels), Texts.Of(found.Metadata.Annotations));
}
