using Fleet.Control.Grains;
using Fleet.Kubernetes.Objects;

namespace Fleet.Control.Reconciling;

/// <summary>
/// Asks for a key to be made as wanted: never what happened to it. <see cref="Ownership"/> is checked before every write;
/// <see cref="Grain"/> keeps what outlives one reconcile, such as the connection to the cluster.
/// </summary>
public sealed record ReconcileRequest(ObjectKey Key, string ReconcileId, IGrainContext Grain)
{
    public GrainOwnership Ownership => Grain.Ownership;
}
