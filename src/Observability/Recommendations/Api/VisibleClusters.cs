using Fleet.Control.Access;
using Fleet.Control.Kinds;
using Fleet.Rest.Requests;

namespace Fleet.Observability.Recommendations.Api;

/// <summary>Of which clusters a caller may see what they cost, and so what they could save.</summary>
internal sealed class VisibleClusters(ApiCall call)
{
    private const string Costs = "costs";

    private readonly Dictionary<string, bool> namespaces = new(StringComparer.Ordinal);
    private bool? everywhere;

    /// <summary>What RBAC is asked about: the virtual <c>clusterdeployments/costs</c>.</summary>
    public static AccessQuestion Question(string verb, string @namespace, string? name = null) => new(verb, FleetKinds.ClusterDeployments.Kind, @namespace, name, Costs);

    /// <param name="cluster">NAMESPACE/NAME.</param>
    public async Task<bool> SeesAsync(string cluster, CancellationToken ct)
    {
        if (everywhere ??= await call.MayAsync(Question("get", ""), ct))
            return true;
        var name = cluster.Split('/')[0];
        return namespaces.TryGetValue(name, out var known) ? known : namespaces[name] = await call.MayAsync(Question("get", name), ct);
    }

    /// <summary>Those of a list that are of visible clusters. Who may see none of the fleet is refused, and not told that there is nothing.</summary>
    /// <exception cref="AccessRefusedException">The caller may see no cluster's costs.</exception>
    public async Task<IReadOnlyList<T>> OfAsync<T>(IEnumerable<T> items, Func<T, string> cluster, CancellationToken ct)
    {
        var seen = new List<T>();
        foreach (var item in items)
            if (await SeesAsync(cluster(item), ct))
                seen.Add(item);
        if (seen.Count == 0 && everywhere != true && !namespaces.ContainsValue(true))
            await call.RequireAsync(Question("get", ""), ct);
        return seen;
    }
}
