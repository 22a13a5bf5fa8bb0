using Fleet.ClusterManager.Capi;
using Fleet.Control.Grains;
using Fleet.Control.Reconciling;

namespace Fleet.ClusterManager.Clusters;

/// <summary>One reconcile of a cluster: who asks, and which cluster its CAPI objects are in.</summary>
internal sealed record ClusterTurn(ReconcileRequest Request, CapiHost Host)
{
    public GrainOwnership Ownership => Request.Ownership;

    public IGrainContext Grain => Request.Grain;
}
