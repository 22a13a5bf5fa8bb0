using Fleet.ClusterManager.Phases;
using Fleet.ClusterManager.Upgrades;
using Fleet.Contracts.Clusters;
using Fleet.Contracts.Conditions;
using Fleet.Control.Grains;
using Fleet.Control.Kinds;
using Fleet.Control.Status;

namespace Fleet.ClusterManager.Clusters;

/// <summary>Tells users how a cluster is: status always, an event when something has changed.</summary>
internal sealed class ClusterReports(IStatusWriter status, ClusterEvents events, ClusterParts parts)
{
    public ClusterManagerOptions Options => parts.Options;

    public DateTimeOffset Now => parts.Now;

    /// <summary>When to look again at a cluster of which nothing reports a change.</summary>
    public TimeSpan SteadyLook => parts.SteadyLook;

    public PhaseWatch NewPhases() => parts.NewPhases();

    public UpgradeWatch NewUpgrade() => parts.NewUpgrade();

    public void Warn(ClusterDeployment cluster, string reason, string message) => events.Warn(cluster, reason, message);

    public async Task WriteAsync(
        ClusterDeployment cluster, ClusterDeploymentStatus wanted, IReadOnlyList<Condition> conditions, GrainOwnership ownership)
    {
        var result = await status.WriteAsync(StatusChange.Of(
            FleetKinds.ClusterDeployments, cluster, wanted, conditions, ClusterConditionsFrom.Owned, ownership));
        if (result == StatusWriteResult.Written)
            events.Tell(cluster, conditions);
    }
}
