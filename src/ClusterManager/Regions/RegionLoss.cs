using Fleet.Contracts.Conditions;
using static Fleet.Contracts.Clusters.ClusterDeploymentConditions;

namespace Fleet.ClusterManager.Regions;

/// <summary>
/// What the conditions of a cluster say while its region cannot be worked with: Unknown, with what was seen last. Never Failed, since nothing of the cluster
/// has failed. Pure.
/// </summary>
internal static class RegionLoss
{
    /// <summary>Before what was seen last, so that it is told once.</summary>
    private const string LastSeen = "; last seen: ";

    public static Condition Of(ConditionType type, RegionView region, Condition? before)
    {
        var message = before is null ? "" : before.Reason == RegionUnavailable ? Tail(before.Message) : before.Message;
        return Condition.Unknown(type, RegionUnavailable, message.Length > 0 ? $"{region.Text}{LastSeen}{message}" : region.Text);
    }

    /// <summary>By these the next round knows that something is left in the region that nothing refers to any more.</summary>
    public static IEnumerable<Condition> Kept(IReadOnlyList<Condition> now, ConditionSet before) =>
        ((ConditionType[])[ClusterAuthenticationReady, ClusterAuditPolicyReady]).Where(type => !now.Any(condition => condition.Type == type)).Select(before.Find).OfType<Condition>().ToList();

    private static string Tail(string message)
    {
        var at = message.IndexOf(LastSeen, StringComparison.Ordinal);
        return at < 0 ? "" : message[(at + LastSeen.Length)..];
    }
}
