using Fleet.ClusterManager.Capi;
using Fleet.ClusterManager.Clusters;
using Fleet.ClusterManager.Releases;
using Fleet.Contracts;
using Fleet.Control.Reconciling;
using Fleet.Helm.Errors;
using Fleet.Kubernetes.Resources;

namespace Fleet.ClusterManager.Deletion;

/// <summary>
/// Deletes a cluster step by step. Each round reads what is left, so that it does not matter at which line the last one was killed.
/// </summary>
internal sealed class ClusterDeletion(ServiceSetLookup sets, CapiReader capi, ReleaseRecords records, DeletionSteps steps, ClusterReports reports)
{
    /// <summary>Whatever is waited for reports when it goes; this is for what does not.</summary>
    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(5);

    /// <summary>Steps that change something are followed by the next look at once, so that a deletion does not crawl.</summary>
    private const int MostStepsAtOnce = 4;

    public async Task<Outcome> ReconcileAsync(ClusterDeployment cluster, ReconcileRequest request, CancellationToken ct)
    {
        if (cluster.Metadata.Finalizers?.Contains(FleetFinalizers.ClusterDeployment) != true)
            return Outcome.Done;
        for (var taken = 1; ; taken++)
        {
            var seen = await ReadAsync(cluster, ct);
            var step = DeletionPlanner.Next(seen);
            var failure = await TryAsync(seen, step, request, ct);
            if (step.Action == DeletionAction.RemoveFinalizer && failure is null)
                return Outcome.Done;
            var isWait = step.Action is DeletionAction.WaitForCapiCluster or DeletionAction.WaitForServiceSets;
            if (failure is null && !isWait && taken < MostStepsAtOnce)
                continue;
            await reports.WriteAsync(
                cluster, DeletionStatusFrom.Status(seen), DeletionStatusFrom.Conditions(seen, step, failure?.Message), request.Ownership);
            return failure is null ? Outcome.Waiting(step.Reason.Value, LookAgain) : Outcome.Failed(failure);
        }
    }

    private async Task<DeletionFacts> ReadAsync(ClusterDeployment cluster, CancellationToken ct)
    {
        var key = cluster.Metadata.Key;
        return new()
        {
            Object = cluster,
            ServiceSets = await sets.LeftOfAsync(key, ct),
            Release = await records.LatestAsync(key, ct),
            Capi = await capi.FindAsync(key, ct),
        };
    }

    private async Task<Exception?> TryAsync(DeletionFacts seen, DeletionStep step, ReconcileRequest request, CancellationToken ct)
    {
        try
        {
            request.Ownership.EnsureCurrent();
            await steps.TakeAsync(seen, step.Action, ct);
            return null;
        }
        catch (Exception e) when (e is HelmException or KubeApiException)
        {
            return e;
        }
    }
}
