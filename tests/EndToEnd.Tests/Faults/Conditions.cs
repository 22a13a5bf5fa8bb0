using System.Text.Json.Nodes;
using Fleet.Kubernetes.Objects;

namespace Fleet.EndToEnd.Tests.Faults;

/// <summary>Reads what users read: conditions and the states of services.</summary>
internal static class Conditions
{
    public static JsonObject? Condition(this DynamicObject item, string type) =>
        (item.At("status", "conditions") as JsonArray)?.OfType<JsonObject>().FirstOrDefault(c => (string?)c["type"] == type);

    public static bool Is(this DynamicObject item, string type, string status) => (string?)item.Condition(type)?["status"] == status;

    public static string Message(this DynamicObject item, string type) => (string?)item.Condition(type)?["message"] ?? "";

    /// <summary>True when the condition is False and its message holds all of these.</summary>
    public static bool Tells(this DynamicObject item, string type, params ReadOnlySpan<string> parts)
    {
        if (!item.Is(type, "False"))
            return false;
        var message = item.Message(type);
        foreach (var part in parts)
            if (!message.Contains(part, StringComparison.Ordinal))
                return false;
        return true;
    }

    public static JsonObject? Service(this DynamicObject item, string name) =>
        (item.At("status", "services") as JsonArray)?.OfType<JsonObject>().FirstOrDefault(s => (string?)s["name"] == name);

    public static string State(this DynamicObject item, string service) => (string?)item.Service(service)?["state"] ?? "";

    public static string Failure(this DynamicObject item, string service) => (string?)item.Service(service)?["failureMessage"] ?? "";
}
