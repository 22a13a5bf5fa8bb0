using Fleet.Control.Kinds;
using Fleet.Control.Reconciling;
using Fleet.Kubernetes.Resources;
using Fleet.StateManager.ServiceSets;

namespace Fleet.StateManager.Compliance.Collection;

/// <summary>
/// Keeps the connection to a cluster open that has no services, and so nobody else to do it. Runs in the grain of the cluster, which holds one connection for all; what is
/// seen over it goes to the recorder without it.
/// </summary>
internal sealed class ComplianceReconciler(IKubernetesClient management, TargetClusters targets, ComplianceBook book) : IReconciler
{
    /// <summary>A grain that nobody calls for ten minutes ends its connection.</summary>
    private static readonly TimeSpan LookAgainAfter = TimeSpan.FromMinutes(5);

    /// <summary>A cluster that is being made; its services, if any, notice the kubeconfig at once.</summary>
    private static readonly TimeSpan LookForKubeconfigAfter = TimeSpan.FromSeconds(30);

    public async Task<Outcome> ReconcileAsync(ReconcileRequest request, CancellationToken ct)
    {
        if (await management.Resource(FleetKinds.ClusterDeployments).GetAsync(request.Key, ct) is not { } cluster)
        {
            book.Changed(request.Key);
            return Outcome.Done;
        }
        var (target, connected, retryAfter) = await targets.FindAsync(request.Key, request.Grain, ct);
        if (connected is not null)
            return Outcome.After(LookAgainAfter);
        book.Missed(request.Key, target.Message);
        if (target.State == TargetState.Unreachable)
            return Outcome.After(retryAfter ?? LookAgainAfter);
        // A cluster in dry run, or one that is going, has none for long.
        return Outcome.After(cluster.Spec.DryRun == true || cluster.Metadata.IsBeingDeleted ? LookAgainAfter : LookForKubeconfigAfter);
    }
}
