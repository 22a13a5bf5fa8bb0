using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Fleet.ControlPlane.Schemas;

/// <summary>Numbers of JSON values, whether parsed from text or made from CLR values.</summary>
internal static class JsonNumbers
{
    public static bool IsNumber(JsonNode? node) => node is JsonValue value && value.GetValueKind() == JsonValueKind.Number;

    public static bool TryInteger(JsonNode? node, out long number)
    {
        number = 0;
        if (node is not JsonValue value || value.GetValueKind() != JsonValueKind.Number) return false;
        if (value.TryGetValue(out number)) return true;
        if (value.TryGetValue<int>(out var small))
        {
            number = small;
            return true;
        }
        // 1.0 is an integer, as it is for upstream's JSON decoder of unstructured objects.
        return TryDouble(value, out var d) && d == Math.Floor(d) && Math.Abs(d) < 9e18 && (number = (long)d) == d;
    }

    public static bool TryDouble(JsonNode? node, out double number)
    {
        number = 0;
        if (node is not JsonValue value || value.GetValueKind() != JsonValueKind.Number) return false;
        return value.TryGetValue(out number)
            || double.TryParse(value.ToJsonString(), NumberStyles.Float, CultureInfo.InvariantCulture, out number);
    }
}
