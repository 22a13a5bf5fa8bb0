using Fleet.ControlPlane.Simulation.Clusters;
using Fleet.ControlPlane.Simulation.Objects;
using Fleet.Kubernetes.Objects;

namespace Fleet.ControlPlane.Simulation.Networking;

/// <summary>Gives Ingresses an address, as an ingress controller would: once there is a node that it could run on.</summary>
internal sealed class IngressReconciler : WorkloadReconciler
{
    private static readonly TimeSpan s_untilThereIsANode = TimeSpan.FromSeconds(5);

    protected override async ValueTask<TimeSpan?> ReconcileAsync(WorkloadCluster cluster, ObjectKey key, CancellationToken ct)
    {
        if (cluster.Nodes.All.Count == 0)
            return s_untilThereIsANode;
        await cluster.Api.ChangeAsync(CoreKinds.Ingress, key, ingress =>
        {
            var address = ExternalAddress.Ingress(cluster.Api.Name, ingress);
            address["ingress"]![0]!.AsObject().Remove("ipMode");
            return ingress.Ensure("status").Put("loadBalancer", address);
        }, status: true, ct);
        return null;
    }
}
