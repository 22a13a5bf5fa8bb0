using System.Collections.Concurrent;
using Fleet.Control.Access;
using Fleet.Control.Kinds;
using Fleet.Kubernetes.Objects;
using Fleet.Observability.Ingest.Tokens;

namespace Fleet.Observability.Query;

/// <summary>Whoever may <c>get</c> the virtual <c>clusterdeployments/telemetry</c> in a namespace reads metrics, logs and traces of its clusters.</summary>
internal sealed class TelemetryAccess(IClusterDirectory clusters)
{
    /// <summary>Questions to RBAC that are open at the same time.</summary>
    private const int Questions = 8;

    private static readonly AccessQuestion Everywhere = new("get", FleetKinds.ClusterDeployments.Kind, "", Subresource: "telemetry");

    /// <param name="cluster">One that was asked for; null: all that the caller may read. It need not exist (any more): its namespace decides.</param>
    /// <exception cref="AccessRefusedException">There is no namespace that the caller may read.</exception>
    public async Task<TelemetryScope> ScopeAsync(CallerAccess access, Caller caller, ObjectKey? cluster, CancellationToken ct)
    {
        if (cluster is { } one)
        {
            await access.RequireAsync(caller, Everywhere with { Namespace = one.Namespace }, fresh: false, ct);
            return new([one.Namespace], one);
        }
        if (await access.MayAsync(caller, Everywhere, fresh: false, ct))
            return TelemetryScope.Everything;
        var namespaces = (clusters.Clusters ?? throw new TelemetryUnavailableException("the clusters have not been read yet")).Select(known => known.Namespace).Distinct().ToList();
        var allowed = new ConcurrentBag<string>();
        await Parallel.ForEachAsync(namespaces, new ParallelOptions { MaxDegreeOfParallelism = Questions, CancellationToken = ct }, async (@namespace, stop) =>
        {
            if (await access.MayAsync(caller, Everywhere with { Namespace = @namespace }, fresh: false, stop))
                allowed.Add(@namespace);
        });
        return allowed.IsEmpty ? throw new AccessRefusedException(caller, Everywhere) : new([.. allowed.Order(StringComparer.Ordinal)]);
    }
}
