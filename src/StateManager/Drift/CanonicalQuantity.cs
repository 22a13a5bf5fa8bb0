using System.Text.Json.Nodes;
using Fleet.Kubernetes.Core;

namespace Fleet.StateManager.Drift;

/// <summary>Kubernetes' quantities by their value: <c>1000m</c> is <c>1</c>. Pure.</summary>
internal static class CanonicalQuantity
{
    private static readonly HashSet<string> Maps = new(StringComparer.Ordinal)
    {
        "requests", "limits", "hard", "max", "min", "default", "defaultRequest", "maxLimitRequestRatio", "capacity", "podFixed",
    };

    private static readonly HashSet<string> Fields = new(StringComparer.Ordinal) { "sizeLimit", "divisor", "averageValue", "targetAverageValue" };

    /// <summary>The field is a quantity in Kubernetes' own kinds. Custom resources keep theirs as they were written.</summary>
    public static bool IsAt(FieldPath path) =>
        Fields.Contains(path.Name) || Maps.Contains(path.Parent?.Name ?? "") || (path.Name is "value" && path.Parent?.Name is "target");

    /// <summary>False when one of them is no quantity.</summary>
    public static bool AreEqual(JsonNode a, JsonNode b) => Quantity.Parse(a.ToString()) is { } left && Quantity.Parse(b.ToString()) is { } right && left == right;
}
