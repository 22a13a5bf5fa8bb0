using Fleet.Control.Reconciling;

namespace Fleet.Control.Grains;

/// <summary>
/// Runs grains. A grain is the single-threaded owner of one cluster: it is activated on demand, lives in one process of the fleet at a time,
/// handles its calls one by one in the order of arrival, and is deactivated when idle. Hosts carry calls; what a call does is in
/// <see cref="IGrainBehavior"/>, so that hosts hold no logic.
/// </summary>
public interface IGrainHost
{
    /// <summary>
    /// Runs a call in the grain's turn and gives its outcome. Throws <see cref="GrainElsewhereException"/> when another process owns the grain.
    /// Cancelling gives up waiting; a call that already runs is cancelled as well.
    /// </summary>
    Task<Outcome> CallAsync(GrainId grain, GrainCall call, CancellationToken ct);

    /// <summary>Ends an activation (after its running call), for instance when its cluster is gone. Nothing happens when there is none.</summary>
    Task DeactivateAsync(GrainId grain);
}
