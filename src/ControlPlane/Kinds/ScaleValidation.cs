using System.Text.Json.Nodes;
using Fleet.ControlPlane.Machinery;

namespace Fleet.ControlPlane.Kinds;

/// <summary>The replicas of custom resources that have the scale subresource. Field names begin with a dot, as the paths of the definition do.</summary>
internal static class ScaleValidation
{
    public static void Check(JsonObject scale, JsonObject body, FieldCauses found)
    {
        Replicas(scale["specReplicasPath"].Text(), body, found);
        Replicas(scale["statusReplicasPath"].Text(), body, found);
    }

    private static void Replicas(string? path, JsonObject body, FieldCauses found)
    {
        if (path is null) return;
        JsonNode? value = body;
        foreach (var step in path.Split('.', StringSplitOptions.RemoveEmptyEntries)) value = (value as JsonObject)?[step];
        if (value is null) return;
        if (value.Number() is not { } replicas)
        {
            var type = value switch { JsonObject => "map[string]interface {}", JsonArray => "[]interface {}", _ when value.Text() is not null => "string", _ => value.GetValueKind() is System.Text.Json.JsonValueKind.Number ? "float64" : "bool" };
            found.Invalid(path, 0, $"{path} accessor error: {Shown(value)} is of the type {type}, expected int64");
        }
        else if (replicas is < 0 or > int.MaxValue)
        {
            found.Invalid(path, replicas, replicas < 0 ? "should be a non-negative integer" : "should be less than or equal to 2147483647");
        }
    }

    private static string Shown(JsonNode value) => value.Text() ?? value.ToJsonString();
}
