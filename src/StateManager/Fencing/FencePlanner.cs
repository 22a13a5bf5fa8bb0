using System.Globalization;
using Fleet.Contracts;

namespace Fleet.StateManager.Fencing;

internal enum FenceAction
{
    Act,

    /// <summary>The cluster is told that it is looked after from here, before anything is done to it.</summary>
    Claim,

    /// <summary>
    /// It is to be claimed, and is paused, as by a restore or a move that is not finished and may yet be taken back: whoever has the cluster now is not shut out by that.
    /// </summary>
    ClaimLater,

    /// <summary>Another management cluster looks after it since a later restore: nothing is done to it from here.</summary>
    StayAway,
}

internal sealed record FencePlan(FenceAction Action, string Message = "");

/// <summary>
/// Whether a cluster may be acted on. Only a restore writes epochs, so a fleet that was never restored marks nothing. After a restore the new management cluster has the
/// later epoch and claims; the old one finds that mark when it comes back, and stays away. Pure.
/// </summary>
internal static class FencePlanner
{
    public static FencePlan Plan(PlaneMark? found, PlaneMark own, bool isPaused) => found switch
    {
        null when own.Epoch == 0 => new(FenceAction.Act),
        null => new(isPaused ? FenceAction.ClaimLater : FenceAction.Claim),
        { } mark when mark.Epoch < own.Epoch => new(isPaused ? FenceAction.ClaimLater : FenceAction.Claim),
        // Declared anew, without the epoch that the restore gave to the object before.
        { } mark when mark.Plane == own.Plane => new(FenceAction.Act),
        { } mark => new(FenceAction.StayAway, Words(mark)),
    };

    private static string Words(PlaneMark mark) =>
        $"the management cluster {mark.Plane} looks after it since {TimeOf(mark.Epoch)}; nothing is done to it from here. If that one is gone for good: kubectl annotate clusterdeployment NAME {FleetAnnotations.ManagementEpoch}=$(date +%s) --overwrite";

    private static string TimeOf(long epoch) => epoch < 253402300800
        ? $"the restore of {DateTimeOffset.FromUnixTimeSeconds(epoch).ToString("u", CultureInfo.InvariantCulture)}"
        : $"epoch {epoch}";
}
