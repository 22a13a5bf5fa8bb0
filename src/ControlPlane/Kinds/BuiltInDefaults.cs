using System.Text.Json.Nodes;

namespace Fleet.ControlPlane.Kinds;

/// <summary>The defaults of built-in kinds that users see.</summary>
internal static class BuiltInDefaults
{
    public static void Apply(KindInfo kind, JsonObject body, JsonObject? old)
    {
        switch (kind.Kind)
        {
            case "CustomResourceDefinition": DefinitionDefaults.Apply(body, old); break;
        }
    }
}
