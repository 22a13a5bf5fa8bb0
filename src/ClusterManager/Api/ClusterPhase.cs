using Fleet.Contracts.Conditions;

namespace Fleet.ClusterManager.Api;

/// <summary>One word for where a cluster stands, from its conditions; in views and in the metric <c>fleet_cluster_phase</c>. Pure.</summary>
internal static class ClusterPhase
{
    public const string Pending = "Pending";
    public const string Provisioning = "Provisioning";
    public const string Ready = "Ready";
    public const string Failed = "Failed";
    public const string Unknown = "Unknown";
    public const string Paused = "Paused";
    public const string Deleting = "Deleting";

    public static IReadOnlyList<string> All { get; } = [Pending, Provisioning, Ready, Failed, Unknown, Paused, Deleting];

    public static string Of(bool isBeingDeleted, ConditionSet conditions)
    {
        if (isBeingDeleted)
            return Deleting;
        if (conditions.IsTrue(SharedConditions.Paused))
            return Paused;
        return conditions.Find(SharedConditions.Ready) switch
        {
            null => Pending,
            { Status: ConditionStatus.True } => Ready,
            { Status: ConditionStatus.Unknown } => Unknown,
            { Reason: var reason } when reason == Reason.Progressing => Provisioning,
            _ => Failed,
        };
    }
}
