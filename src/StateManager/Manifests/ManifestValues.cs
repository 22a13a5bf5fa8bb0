using System.Text.Json.Nodes;
using Fleet.StateManager.Services;

namespace Fleet.StateManager.Manifests;

/// <summary>
/// The values of a service as manifests see them. Inline values, and keys that are named like files, are merged into <c>.Values</c>; every other key is a
/// variable by its name, as upstream has it. Pure.
/// </summary>
/// <param name="Layers">What <c>.Values</c> are merged from.</param>
/// <param name="Variables">Texts by name.</param>
internal sealed record ManifestValues(IReadOnlyList<ValuesLayer> Layers, IReadOnlyDictionary<string, string> Variables)
{
    private static readonly string[] Files = [".yaml", ".yml", ".json"];

    /// <exception cref="ServiceValuesException">A text that should be values is no map.</exception>
    public static ManifestValues Of(IReadOnlyList<SourceText> texts)
    {
        var layers = new List<ValuesLayer>();
        var variables = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var text in texts)
            if (text.Origin is { Key: { } key } && !Files.Any(ending => key.EndsWith(ending, StringComparison.OrdinalIgnoreCase)))
                variables[key] = text.Text;
            else
                layers.Add(new(text.Origin!, ServiceValues.Parse(text.Name, text.Text)));
        return new(layers, variables);
    }

    /// <summary>What <c>.</c> has beside the cluster's objects, which no variable hides.</summary>
    public JsonObject Root()
    {
        var root = new JsonObject { ["Values"] = ServiceValues.Merge(Layers) };
        foreach (var (name, text) in Variables)
            if (name != "Values")
                root[name] = text;
        return root;
    }
}
