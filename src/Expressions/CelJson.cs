using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Fleet.Expressions;

/// <summary>JSON as CEL values.</summary>
internal static class CelJson
{
    public static object? ToCel(JsonNode? node, CelShape? shape) => node switch
    {
        null => null,
        JsonObject o => new JsonMap(o, shape),
        JsonArray list => new JsonList(list, shape),
        JsonValue value => Scalar(value, shape?.Kind ?? CelShapeKind.Any),
        _ => null,
    };

    private static object? Scalar(JsonValue value, CelShapeKind kind) => value.GetValueKind() switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        JsonValueKind.Number => Number(value, kind),
        JsonValueKind.String => Text(value.GetValue<string>(), kind),
        _ => null,
    };

    private static object Number(JsonValue value, CelShapeKind kind)
    {
        if (kind != CelShapeKind.Double)
        {
            if (value.TryGetValue<long>(out var l)) return l;
            if (value.TryGetValue<int>(out var i)) return (long)i;
        }
        if (!value.TryGetValue<double>(out var d)) d = double.Parse(value.ToJsonString(), NumberStyles.Float, CultureInfo.InvariantCulture);
        return kind == CelShapeKind.Integer && d == Math.Floor(d) && Math.Abs(d) < 9e18 ? (object)(long)d : d;
    }

    private static object Text(string text, CelShapeKind kind)
    {
        switch (kind)
        {
            case CelShapeKind.Timestamp when CelTimes.TryParse(text, out var time): return time;
            case CelShapeKind.Duration when CelDurations.TryParse(text, out var duration): return duration;
            case CelShapeKind.Bytes:
                var buffer = new byte[text.Length];
                return Convert.TryFromBase64String(text, buffer, out var length) ? buffer[..length] : text;
            default: return text;
        }
    }

    private sealed class JsonList(JsonArray list, CelShape? shape) : CelList
    {
        public override object? this[int index] => ToCel(list[index], shape?.Items);

        public override int Count => list.Count;

        public override bool IsSet => shape is { IsSet: true };
    }

    private sealed class JsonMap(JsonObject o, CelShape? shape) : CelMap
    {
        public override int Count => o.Count;

        public override IEnumerable<object> Keys => o.Select(m => (object)m.Key);

        public override bool TryGet(object key, out object? value)
        {
            value = null;
            if (key is not string name || !o.TryGetPropertyValue(name, out var node)) return false;
            value = ToCel(node, shape?.Field(name));
            return true;
        }

        public override bool TryGetField(string name, out object? value) => TryGet(shape?.FieldName(name) ?? name, out value);
    }
}
