using Fleet.Control.Clusters;
using Fleet.Control.Grains;
using Fleet.Control.Kinds;
using Fleet.Control.Queueing;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Resources;
using Fleet.StateManager.Compliance.Collection;
using Fleet.StateManager.Connections;
using Fleet.StateManager.Fencing;
using Fleet.StateManager.Health.Custom;
using Fleet.StateManager.Services;

namespace Fleet.StateManager.ServiceSets;

/// <summary>Finds and connects the cluster that a grain owns.</summary>
internal sealed class TargetClusters(
    IKubernetesClient management, TemplateContext capi, HealthRuleBook rules, ManagedClusterTrigger trigger, ComplianceBook compliance, TimeProvider clock, IJitterSource jitter)
{
    /// <summary>A kubeconfig comes with an event for CAPI's Secrets; for adopted clusters nothing tells.</summary>
    private static readonly TimeSpan LookAgainAfter = TimeSpan.FromSeconds(15);

    /// <summary>Whoever takes a cluster back from another management cluster does not wait long for it.</summary>
    private static readonly TimeSpan LookAgainAfterFence = TimeSpan.FromMinutes(1);

    private readonly Kubeconfigs kubeconfigs = new(management);
    private readonly ClusterFence fence = new(management, clock);

    public async Task<(TargetCluster Target, ConnectedCluster? Connected, TimeSpan? RetryAfter)> FindAsync(
        ObjectKey cluster, IGrainContext grain, CancellationToken ct)
    {
        var (target, connected, retryAfter) = await ConnectAsync(cluster, grain, ct);
        var wanted = rules.For(cluster.Namespace);
        if (connected is not null)
            await connected.View.Rules.FollowAsync(wanted, ct);
        return (target with { Rules = wanted }, connected, retryAfter);
    }

    /// <summary>Null while the grain is not connected to it; nothing is done to connect.</summary>
    public ConnectedCluster? Known(ObjectKey cluster, IGrainContext grain) => Connection(cluster, grain).Known;

    private ClusterConnection<ConnectedCluster> Connection(ObjectKey cluster, IGrainContext grain) =>
        grain.Part(() => ConnectedCluster.Connection(() => trigger.Changed(cluster), clock, jitter));

    private async Task<(TargetCluster Target, ConnectedCluster? Connected, TimeSpan? RetryAfter)> ConnectAsync(
        ObjectKey cluster, IGrainContext grain, CancellationToken ct)
    {
        if (await kubeconfigs.FindAsync(cluster, ct) is not { } kubeconfig)
            return (await WithoutKubeconfigAsync(cluster, ct), null, LookAgainAfter);
        try
        {
            var connected = await Connection(cluster, grain).EnsureAsync(kubeconfig, ct);
            var plan = ManagementCluster.Is(cluster) ? new(FenceAction.Act) : await fence.CheckAsync(cluster, connected.Client, connected.Fence, ct);
            if (plan.Action == FenceAction.StayAway)
                return (new TargetCluster(TargetState.Fenced, $"cluster {cluster}: {plan.Message}"), null, LookAgainAfterFence);
            compliance.Attach(cluster, connected.View.Compliance);
            return (new TargetCluster(TargetState.Reachable, plan.Message, connected.Uid), connected, null);
        }
        catch (ClusterNotConnectedException e)
        {
            return (new TargetCluster(TargetState.Unreachable, $"cluster {cluster} cannot be reached: {e.Message}"), null, e.RetryAfter);
        }
        catch (KubeApiException e)
        {
            return (new TargetCluster(TargetState.Unreachable, $"cluster {cluster}: who looks after it can not be told: {e.Message}"), null, LookAgainAfter);
        }
    }

    /// <summary>No kubeconfig: the cluster does not exist yet, or not any more. Only three absences together mean gone.</summary>
    private async Task<TargetCluster> WithoutKubeconfigAsync(ObjectKey cluster, CancellationToken ct)
    {
        if (ManagementCluster.Is(cluster))
            return new(TargetState.NotYet, $"services reach the management cluster by the kubeconfig of Secret {cluster.Namespace}/{ManagementCluster.KubeconfigSecret}, which does not exist");
        var deployment = await management.Resource(FleetKinds.ClusterDeployments).GetAsync(cluster, ct);
        if (deployment is { Metadata.IsBeingDeleted: false })
            return NotYet(cluster);
        try
        {
            return deployment is null || await capi.FindClusterAsync(cluster, ct) is null ? new TargetCluster(TargetState.Gone, $"cluster {cluster} does not exist") : NotYet(cluster);
        }
        catch (RegionNotReachableException e)
        {
            return new TargetCluster(TargetState.NotYet, $"cluster {cluster} has no kubeconfig, and whether it is still there can not be told: {e.Message}");
        }
    }

    private static TargetCluster NotYet(ObjectKey cluster) => new(TargetState.NotYet, $"cluster {cluster} has no kubeconfig yet");
}
