using System.Globalization;

namespace Fleet.Observability.Recommendations.Storage;

/// <summary>A recommendation as it is kept, with what was decided about it.</summary>
/// <param name="Body">JSON of <see cref="RecommendationBody"/>.</param>
/// <param name="FoundAt">When it was made first.</param>
internal sealed record StoredRecommendation(
    string Id, string ClusterUid, string Cluster, string Kind, string Namespace, DateTimeOffset FoundAt, DateTimeOffset RefreshedAt, string Body, Decision? Decision)
{
    /// <summary>What is found for so long after it was applied has not taken.</summary>
    private static readonly TimeSpan TakenWithin = TimeSpan.FromDays(2);

    /// <summary>Of the decision. What is found anew is no reason to decide again.</summary>
    public string Version => Decision?.Version ?? Decision.NoVersion;

    /// <summary>open, dismissed, snoozed or applied.</summary>
    public string StateAt(DateTimeOffset now) => Decision switch
    {
        null => RecommendationStates.Open,
        { State: RecommendationStates.Snoozed } snoozed when snoozed.Until <= now => RecommendationStates.Open,
        { State: RecommendationStates.Applied } applied when RefreshedAt - applied.At > TakenWithin => RecommendationStates.Open,
        var other => other.State,
    };
}

/// <summary>What somebody decided about a recommendation.</summary>
/// <param name="Until">Of snoozed ones.</param>
internal sealed record Decision(string State, DateTimeOffset? Until, string Reason, string By, DateTimeOffset At)
{
    /// <summary>Where nothing was decided.</summary>
    public const string NoVersion = "0";

    /// <summary>Microseconds, which is what the database keeps of a time.</summary>
    public string Version => (At.UtcTicks / TimeSpan.TicksPerMicrosecond).ToString(CultureInfo.InvariantCulture);

    /// <summary>Null for what is no version of a decision.</summary>
    public static DateTime? TimeOf(string version) =>
        long.TryParse(version, NumberStyles.None, CultureInfo.InvariantCulture, out var microseconds) && microseconds > 0 && microseconds <= DateTime.MaxValue.Ticks / TimeSpan.TicksPerMicrosecond
            ? new DateTime(microseconds * TimeSpan.TicksPerMicrosecond, DateTimeKind.Utc)
            : null;
}

internal static class RecommendationStates
{
    public const string Open = "open";
    public const string Dismissed = "dismissed";
    public const string Snoozed = "snoozed";
    public const string Applied = "applied";

    public static IReadOnlyList<string> All { get; } = [Open, Dismissed, Snoozed, Applied];
}

/// <summary>How far a cluster was advised about.</summary>
/// <param name="Problem">Why not further; "" when all is well.</param>
/// <param name="Outlook">JSON of what would go beyond the present recommendations.</param>
internal sealed record AdvisedCluster(string ClusterUid, string Cluster, DateTimeOffset RefreshedAt, string Problem, string Outlook);
