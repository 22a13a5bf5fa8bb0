using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Fleet.Contracts.Conditions;
using Fleet.Control.Status;

namespace Fleet.Observability.Days;

/// <summary>What kinds share whose status has figures of days: what was known holds while nothing better is known, and a look that finds the same writes nothing. Pure.</summary>
internal static class FigureStatus
{
    /// <summary>Of another spec the figures of before would be wrong.</summary>
    public static bool IsOf(long? observedGeneration, long? generation) => observedGeneration is not null && observedGeneration == generation;

    /// <param name="wanted">As it would be written, with the time of before and without conditions.</param>
    /// <param name="before">As it is, without conditions; null when there is none.</param>
    /// <param name="lastEvaluated">Of <paramref name="before"/>.</param>
    public static DateTimeOffset? LastEvaluated<T>(T wanted, T? before, DateTimeOffset? lastEvaluated, JsonTypeInfo<T> json, DateTimeOffset now) where T : class =>
        before is not null && JsonNode.DeepEquals(JsonSerializer.SerializeToNode(wanted, json), JsonSerializer.SerializeToNode(before, json)) ? lastEvaluated : StatusTime.Of(now);

    /// <summary>What was said of this spec while the costs were known still holds.</summary>
    public static IEnumerable<Condition> Kept(List<Condition>? before, params IReadOnlyList<ConditionType> types) => (before ?? []).Where(condition => types.Contains(condition.Type));
}
