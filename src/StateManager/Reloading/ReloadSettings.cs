using System.Text.Json.Nodes;

namespace Fleet.StateManager.Reloading;

/// <summary>Whether <c>provider.config</c> wants workloads to be rolled. Pure.</summary>
internal static class ReloadSettings
{
    /// <summary>Upstream's code reads <c>reloader</c>, its documents and the deprecated field say <c>reload</c>.</summary>
    public static bool Of(JsonNode? config) => config is JsonObject map && (IsTrue(map["reloader"]) || IsTrue(map["reload"]));

    private static bool IsTrue(JsonNode? node) => node is JsonValue value && value.TryGetValue<bool>(out var wanted) && wanted;
}
