using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Fleet.Contracts.Api;

namespace Fleet.Observability.Recommendations.Api;

/// <summary>What could cost less, or break less.</summary>
public sealed record RecommendationView
{
    public required string Id { get; init; }

    /// <summary>rightsizing, abandonedWorkload, idleNamespace, unmountedVolume, idleLoadBalancer, underusedNode, nightScaleDown or minReplicas.</summary>
    public required string Kind { get; init; }

    /// <summary>NAMESPACE/NAME.</summary>
    public required string Cluster { get; init; }

    public required string Namespace { get; init; }

    public required RecommendedObject Object { get; init; }

    public required string Summary { get; init; }

    /// <summary>How it can be followed: values (of its service), cluster (the config of its ClusterDeployment), or manual: only by people.</summary>
    public required string Apply { get; init; }

    public required JsonObject Current { get; init; }

    public required JsonObject Recommended { get; init; }

    public required JsonObject Evidence { get; init; }

    public required SavingView Savings { get; init; }

    /// <summary>open, dismissed, snoozed or applied.</summary>
    public required string State { get; init; }

    /// <summary>Of snoozed ones.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DateTimeOffset? Until { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Reason { get; init; }

    /// <summary>Who decided.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? By { get; init; }

    /// <summary>Of what was decided: as If-Match of the next decision, nobody has decided since.</summary>
    public required string ResourceVersion { get; init; }

    public required DateTimeOffset FoundAt { get; init; }

    public required DateTimeOffset RefreshedAt { get; init; }
}

public sealed record RecommendedObject(string Kind, string Name, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Container);

/// <summary>In a month of 730 hours. Null where a price is missing, and never zero for that.</summary>
/// <param name="MonthlyCash">What the bill becomes smaller by at once.</param>
/// <param name="MonthlyFreed">Price of what is no longer requested; idle until nodes go.</param>
public sealed record SavingView(double? MonthlyCash, double? MonthlyFreed, string Currency);

/// <summary>How far a cluster was advised about.</summary>
/// <param name="Problem">What nothing is said of, or nothing new, and why; null when all is well.</param>
public sealed record AdvisedClusterView(string Cluster, DateTimeOffset RefreshedAt, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Problem, JsonObject Outlook);

public sealed record RecommendationPage
{
    public required IReadOnlyList<RecommendationView> Items { get; init; }

    /// <summary>For the next page.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Continue { get; init; }

    public required IReadOnlyList<AdvisedClusterView> Clusters { get; init; }
}

/// <summary>All open recommendations together, nothing counted twice; one for each currency.</summary>
public sealed record SavingsView(IReadOnlyList<SavingsTotalView> Totals);

/// <param name="Overlap">What would have been counted twice.</param>
/// <param name="Unpriced">Recommendations without a price: the sums are at least what they say.</param>
public sealed record SavingsTotalView(string Currency, double Cash, double Freed, double Overlap, int Recommendations, int Unpriced, IReadOnlyDictionary<string, KindTotalView> Kinds);

/// <summary>Of one kind by itself; kinds overlap.</summary>
public sealed record KindTotalView(int Recommendations, double Cash, double Freed);

[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record DecisionRequest
{
    /// <summary>Why; needed to dismiss.</summary>
    public string? Reason { get; init; }

    /// <summary>Until when; needed to snooze.</summary>
    public DateTimeOffset? Until { get; init; }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(RecommendationPage))]
[JsonSerializable(typeof(RecommendationView))]
[JsonSerializable(typeof(SavingsView))]
[JsonSerializable(typeof(DecisionRequest))]
[JsonSerializable(typeof(ApplyView))]
[JsonSerializable(typeof(Problem))]
internal sealed partial class RecommendationJson : JsonSerializerContext;
