using Fleet.Contracts.Conditions;
using Fleet.Contracts.Releases;
using Fleet.Control.Kinds;
using Fleet.Control.Reconciling;
using Fleet.Control.Status;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Resources;

namespace Fleet.ClusterManager.ReleaseCatalog;

/// <summary>Says whether a Release can be installed. Changes of its templates are watched.</summary>
internal sealed class ReleaseReconciler(IKubernetesClient client, IStatusWriter status) : IReconciler
{
    public async Task<Outcome> ReconcileAsync(ReconcileRequest request, CancellationToken ct)
    {
        if (await client.Resource(FleetKinds.Releases).GetAsync(request.Key, ct) is not { Metadata.IsBeingDeleted: false } release)
            return Outcome.Done;
        var templates = new Dictionary<string, ProviderTemplate?>(StringComparer.Ordinal);
        foreach (var name in ReleaseConditionsFrom.Templates(release))
            templates[name] = await client.Resource(FleetKinds.ProviderTemplates).GetAsync(ObjectKey.Cluster(name), ct);
        var conditions = ReleaseConditionsFrom.All(release, templates);
        await status.WriteAsync(StatusChange.Of(
            FleetKinds.Releases, release,
            new ReleaseStatus { Ready = conditions.All(condition => condition.Status == ConditionStatus.True), ObservedGeneration = release.Metadata.Generation },
            conditions, ReleaseConditionsFrom.Owned, request.Ownership));
        return Outcome.Done;
    }
}
