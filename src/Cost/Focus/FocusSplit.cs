using System.Text.Json;
using System.Text.Json.Nodes;

namespace Fleet.Cost.Focus;

/// <summary>How much of a charge a row is, as FOCUS 1.3 writes it. Pure.</summary>
internal static class FocusSplit
{
    /// <summary>The documented method by which charges are split: in proportion to max(request, usage), the rest to nobody.</summary>
    public const string MethodId = "max-request-usage";

    public static string Details(decimal ratio, string unit, decimal quantity) => new JsonObject
    {
        ["Elements"] = new JsonArray(new JsonObject { ["AllocatedRatio"] = ratio, ["UsageUnit"] = unit, ["UsageQuantity"] = quantity }),
    }.ToJsonString();

    /// <summary>Null when there is none that can be read.</summary>
    public static decimal? RatioOf(string? details)
    {
        if (details is null)
            return null;
        try
        {
            return JsonNode.Parse(details, documentOptions: new() { MaxDepth = 8 }) is JsonObject json && json["Elements"] is JsonArray { Count: > 0 } elements
                ? elements.Sum(element => element is JsonObject part && part["AllocatedRatio"] is JsonValue ratio && ratio.TryGetValue<decimal>(out var number) ? number : 0)
                : null;
        }
        catch (Exception error) when (error is JsonException or OverflowException or ArgumentException)
        {
            return null;
        }
    }
}
