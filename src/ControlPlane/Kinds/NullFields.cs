using System.Text.Json.Nodes;

namespace Fleet.ControlPlane.Kinds;

/// <summary>In built-in kinds a null is the same as an absent field.</summary>
internal static class NullFields
{
    public static void Remove(JsonObject body)
    {
        List<string>? nulls = null;
        foreach (var (name, value) in body)
        {
            if (value is null) (nulls ??= []).Add(name);
            else Visit(value);
        }
        foreach (var name in nulls ?? []) body.Remove(name);
    }

    private static void Visit(JsonNode value)
    {
        if (value is JsonObject inner)
        {
            Remove(inner);
        }
        else if (value is JsonArray items)
        {
            foreach (var item in items)
            {
                if (item is not null) Visit(item);
            }
        }
    }
}
