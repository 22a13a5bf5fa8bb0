using System.Text.Json.Nodes;
using Fleet.Contracts.Services;
using Fleet.Control.Kinds;
using Fleet.Helm.Releases;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Resources;

namespace Fleet.Observability.Recommendations.Applying;

/// <summary>The object in which people have declared a service, and where in it.</summary>
/// <param name="Object">A ClusterDeployment, or a MultiClusterService of either kind.</param>
/// <param name="Index">In <c>spec.serviceSpec.services</c>.</param>
internal sealed record DeclaredService(ResourceKind Kind, DynamicObject Object, int Index, PlacedService Placed)
{
    public JsonObject Service => (JsonObject)((JsonArray)Object.At("spec", "serviceSpec", "services")!)[Index]!;

    /// <summary>Shown to people.</summary>
    public override string ToString() => $"{Kind.Kind} {Object.Key}, service {Placed.Namespace}/{Placed.Name}";

    /// <returns>The declaration, or why there is none that could be changed for this cluster.</returns>
    public static async Task<(DeclaredService? Found, string? Reason)> FindAsync(IKubernetesClient management, ObjectKey cluster, ReleaseName release, CancellationToken ct)
    {
        var all = (await management.Resource(FleetKinds.ServiceSets).ListAsync(ListOptions.All, ct)).Items;
        var mine = all.Where(set => set.Metadata.Namespace == cluster.Namespace && set.Spec.Cluster == cluster.Name && set.Spec.Provider.SelfManagement != true)
            .SelectMany(set => (set.Spec.Services ?? []).Where(service => service.Name == release.Name && service.Namespace == release.Namespace).Select(service => (Set: set, Service: service))).ToList();
        if (mine.Count != 1)
            return (null, mine.Count == 0 ? $"Helm release {release} is not of a service of the fleet" : $"several ServiceSets have release {release}");
        var (set, placed) = mine[0];
        if (set.Spec.MultiClusterService is not { Length: > 0 } shared)
            return await ReadAsync(management, [(FleetKinds.ClusterDeployments.Kind, cluster)], placed, ct);
        var others = all.Where(other => other.Spec.MultiClusterService == shared && other.Metadata.Key != set.Metadata.Key).ToList();
        return others.Count > 0
            ? (null, $"MultiClusterService {shared} places it on {others.Count + 1} clusters, and this is about one")
            : await ReadAsync(
                management, [(FleetKinds.MultiClusterServices.Kind, ObjectKey.Cluster(shared)), (FleetKinds.NamespacedMultiClusterServices.Kind, new(cluster.Namespace, shared))], placed, ct);
    }

    private static async Task<(DeclaredService?, string?)> ReadAsync(IKubernetesClient management, IReadOnlyList<(ResourceKind Kind, ObjectKey Key)> places, PlacedService placed, CancellationToken ct)
    {
        var found = new List<DeclaredService>();
        foreach (var (kind, key) in places)
            if (await management.Dynamic(kind).GetAsync(key, ct) is { } item && item.At("spec", "serviceSpec", "services") is JsonArray services)
                for (var at = 0; at < services.Count; at++)
                    if ((string?)services[at]?["name"] == placed.Name && ((string?)services[at]?["namespace"] ?? "default") == placed.Namespace)
                        found.Add(new(kind, item, at, placed));
        return found.Count == 1 ? (found[0], null) : (null, found.Count == 0 ? $"no object declares service {placed.Namespace}/{placed.Name} any more" : $"several objects declare service {placed.Namespace}/{placed.Name}");
    }
}
