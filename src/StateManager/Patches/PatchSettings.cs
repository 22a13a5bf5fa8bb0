using System.Text.Json;
using System.Text.Json.Nodes;
using Fleet.Contracts;
using Fleet.Contracts.Services;

namespace Fleet.StateManager.Patches;

/// <summary>What <c>provider.config</c> says of patches. Pure.</summary>
internal static class PatchSettings
{
    /// <summary>Each is tried alone when one of them fails.</summary>
    private const int Most = 100;

    /// <exception cref="PatchException">An entry is no patch.</exception>
    public static IReadOnlyList<StatedPatch> Of(JsonNode? config) => (config as JsonObject)?["patches"] switch
    {
        null => [],
        JsonArray { Count: > Most } list => throw new PatchException($"provider.config.patches has {list.Count} entries; at most {Most} can be worked out"),
        JsonArray list => [.. list.Select((item, i) => Patch(item, $"provider.config.patches[{i}]"))],
        _ => throw new PatchException("provider.config.patches is not a list"),
    };

    private static StatedPatch Patch(JsonNode? item, string name)
    {
        if (item is not JsonObject entry)
            throw new PatchException($"{name} is not a map");
        if (entry["patch"] is not JsonValue value || !value.TryGetValue<string>(out var text) || string.IsNullOrWhiteSpace(text))
            throw new PatchException($"{name}.patch is no text: a strategic merge or a list of JSON6902 operations");
        return new(name, entry["target"] switch
        {
            null => null,
            JsonObject target => Target(target, name),
            _ => throw new PatchException($"{name}.target is not a map"),
        }, text);
    }

    private static ObjectSelector Target(JsonObject target, string name)
    {
        try
        {
            return target.Deserialize(ContractsJson.Default.ObjectSelector)!;
        }
        catch (JsonException)
        {
            throw new PatchException($"{name}.target has a field of the wrong type");
        }
    }
}

/// <summary>A patch cannot be used. The message begins with the name of its field. A fault is for a person to repair; anything else may come by itself.</summary>
internal sealed class PatchException(string message, bool isFault = true) : Exception(message)
{
    public bool IsFault => isFault;
}
