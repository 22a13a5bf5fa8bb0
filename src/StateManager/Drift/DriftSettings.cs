using System.Text.Json;
using System.Text.Json.Nodes;
using Fleet.Contracts;
using Fleet.Contracts.Services;

namespace Fleet.StateManager.Drift;

/// <summary>What <c>provider.config</c> of a ServiceSet says about drift. Pure.</summary>
internal sealed record DriftSettings(SyncMode Mode, DriftRules Rules)
{
    public static DriftSettings Default { get; } = new(SyncMode.Continuous, DriftRules.None);

    /// <summary>What a person must repair; null when all could be read. Then nothing is installed, changed or corrected: the intention is not known.</summary>
    public string? Problem { get; init; }

    public bool LooksForDrift => Problem is null && Mode is SyncMode.Continuous or SyncMode.ContinuousWithDriftDetection;

    public static DriftSettings Of(JsonNode? config)
    {
        if (config is not JsonObject map)
            return Default;
        try
        {
            var mode = ModeOf(map["syncMode"]);
            var rules = DriftRules.Of(
                List(map, "driftIgnore", Selector),
                List(map, "driftExclusions", Exclusion),
                $"{map["driftIgnore"]?.ToJsonString()} {map["driftExclusions"]?.ToJsonString()}");
            return new DriftSettings(mode, rules);
        }
        catch (DriftSettingsException e)
        {
            return Default with { Problem = $"provider.config.{e.Message}" };
        }
    }

    private static SyncMode ModeOf(JsonNode? stated) => stated switch
    {
        null => SyncMode.Continuous,
        JsonValue value when value.TryGetValue<string>(out var word) && Enum.GetNames<SyncMode>().Contains(word, StringComparer.Ordinal) => Enum.Parse<SyncMode>(word),
        JsonValue value when value.TryGetValue<string>(out var word) && word.Length == 0 => SyncMode.Continuous,
        _ => throw new DriftSettingsException("syncMode is none of OneTime, Continuous, ContinuousWithDriftDetection, DryRun"),
    };

    private static List<T> List<T>(JsonObject map, string name, Func<JsonObject, string, T> read) => map[name] switch
    {
        null => [],
        JsonArray list => [.. list.Select((item, i) => item is JsonObject element
            ? read(element, $"{name}[{i}]")
            : throw new DriftSettingsException($"{name}[{i}] is not a map"))],
        _ => throw new DriftSettingsException($"{name} is not a list"),
    };

    /// <summary>Samples of upstream's write <c>target:</c> here as well, which upstream drops, so that everything would be ignored.</summary>
    private static ObjectSelector Selector(JsonObject element, string name) =>
        Read(element["target"] as JsonObject ?? element, name);

    private static DriftExclusion Exclusion(JsonObject element, string name)
    {
        var paths = element["paths"] as JsonArray ?? throw new DriftSettingsException($"{name}.paths is not a list");
        return new DriftExclusion
        {
            Paths = [.. paths.Select(p => p is JsonValue value && value.TryGetValue<string>(out var text) ? text : throw new DriftSettingsException($"{name}.paths has an entry that is no text"))],
            Target = element["target"] switch
            {
                null => null,
                JsonObject target => Read(target, $"{name}.target"),
                _ => throw new DriftSettingsException($"{name}.target is not a map"),
            },
        };
    }

    private static ObjectSelector Read(JsonObject element, string name)
    {
        try
        {
            return element.Deserialize(ContractsJson.Default.ObjectSelector)!;
        }
        catch (JsonException)
        {
            throw new DriftSettingsException($"{name} has a field of the wrong type");
        }
    }
}

/// <summary>The message begins with the name of the field.</summary>
internal sealed class DriftSettingsException(string message) : Exception(message);
