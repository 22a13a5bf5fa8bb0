using System.Text.Json.Nodes;
using Fleet.Kubernetes.Objects;

namespace Fleet.Cli.Views;

/// <summary>Reading conditions out of any object's status.</summary>
internal static class Conditions
{
    public static IEnumerable<JsonObject> Of(DynamicObject seen) =>
        (seen.At("status", "conditions") as JsonArray)?.OfType<JsonObject>() ?? [];

    public static JsonObject? Find(DynamicObject seen, string type) =>
        Of(seen).FirstOrDefault(condition => (string?)condition["type"] == type);

    /// <summary>True, False or Unknown; Unknown as well when nobody has said anything yet.</summary>
    public static string Status(DynamicObject seen, string type) => (string?)Find(seen, type)?["status"] ?? "Unknown";

    public static string Message(DynamicObject seen, string type) => (string?)Find(seen, type)?["message"] ?? "";
}
