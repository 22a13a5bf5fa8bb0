using Fleet.ClusterManager.Capi;
using Fleet.ClusterManager.Regions;
using Fleet.Control.Grains;
using Fleet.Control.Reconciling;

namespace Fleet.ClusterManager.Clusters;

/// <summary>One reconcile of a cluster: who asks, and where its CAPI objects are.</summary>
internal sealed record ClusterTurn(ReconcileRequest Request, ClusterPlace Place)
{
    /// <summary>Not to be asked for while the region cannot be worked with: plans then have no step that needs it.</summary>
    public CapiHost Host => Place.Host ?? throw new InvalidOperationException($"nothing may be done there: {Place.Region?.Text}");

    public GrainOwnership Ownership => Request.Ownership;

    public IGrainContext Grain => Request.Grain;
}
