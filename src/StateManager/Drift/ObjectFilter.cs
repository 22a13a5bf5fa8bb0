using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Fleet.Contracts.Services;
using Fleet.StateManager.Inventory;

namespace Fleet.StateManager.Drift;

/// <summary>
/// An <see cref="ObjectSelector"/> ready to be asked: group, version, kind, name and namespace are expressions that must match as a whole, as upstream has
/// them; what is not stated matches everything. Labels and annotations are those of the manifest.
/// </summary>
internal sealed class ObjectFilter
{
    private readonly Regex? group, version, kind, name, ns;
    private readonly LabelText? labels, annotations;

    private ObjectFilter(ObjectSelector selector, string field)
    {
        group = Expression(selector.Group, $"{field}.group");
        version = Expression(selector.Version, $"{field}.version");
        kind = Expression(selector.Kind, $"{field}.kind");
        name = Expression(selector.Name, $"{field}.name");
        ns = Expression(selector.Namespace, $"{field}.namespace");
        labels = LabelText.Parse(selector.LabelSelector, $"{field}.labelSelector");
        annotations = LabelText.Parse(selector.AnnotationSelector, $"{field}.annotationSelector");
    }

    /// <exception cref="DriftSettingsException">It cannot be read; the message begins with <paramref name="field"/>.</exception>
    public static ObjectFilter Of(ObjectSelector selector, string field) => new(selector, field);

    public bool Matches(InventoryObject o, JsonObject declared) =>
        Fits(group, o.Type.Group) && Fits(version, o.Type.Version) && Fits(kind, o.Type.Kind) && Fits(name, o.Key.Name) && Fits(ns, o.Key.Namespace)
        && (labels?.Matches(Map(declared, "labels")) ?? true) && (annotations?.Matches(Map(declared, "annotations")) ?? true);

    private static bool Fits(Regex? expression, string text) => expression is null || expression.IsMatch(text);

    /// <summary>Without backtracking, so that no expression can hold up a cluster.</summary>
    private static Regex? Expression(string? text, string field)
    {
        if (string.IsNullOrEmpty(text))
            return null;
        try
        {
            return new Regex($@"\A(?:{text})\z", RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);
        }
        catch (Exception e) when (e is ArgumentException or NotSupportedException)
        {
            throw new DriftSettingsException($"{field} is no regular expression");
        }
    }

    private static Dictionary<string, string> Map(JsonObject declared, string name) =>
        ((declared["metadata"] as JsonObject)?[name] as JsonObject)?.ToDictionary(p => p.Key, p => p.Value?.ToString() ?? "", StringComparer.Ordinal) ?? [];
}
