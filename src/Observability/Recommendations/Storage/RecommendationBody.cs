using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Fleet.Cost.Savings;
using Fleet.Observability.Recommendations.Advice;

namespace Fleet.Observability.Recommendations.Storage;

/// <summary>What is kept of a recommendation, and told as it is.</summary>
internal sealed record RecommendationBody(
    string ObjectKind, string ObjectName, string? Container, string Summary, JsonObject Current, JsonObject Recommended, JsonObject Evidence, MonthlySaving Saving, IReadOnlyList<SavingClaim> Claims)
{
    public static RecommendationBody Of(Recommendation found) => new(
        found.ObjectKind, found.ObjectName, found.Container, found.Summary, found.Current, found.Recommended, found.Evidence, found.Saving, found.Claims);

    public static RecommendationBody Read(string json) => JsonSerializer.Deserialize(json, RecommendationBodyJson.Default.RecommendationBody)!;

    public string Write() => JsonSerializer.Serialize(this, RecommendationBodyJson.Default.RecommendationBody);
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(RecommendationBody))]
internal sealed partial class RecommendationBodyJson : JsonSerializerContext;
