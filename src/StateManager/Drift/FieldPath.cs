using System.Globalization;
using System.Text.Json.Nodes;

namespace Fleet.StateManager.Drift;

/// <summary>
/// Where a field is. An element of a list has an index in the manifest, one in the live object (-1 where that has no such element), and, in lists that are
/// merged, the fields by which it is known.
/// </summary>
internal sealed record FieldPath
{
    public static FieldPath Root { get; } = new();

    private FieldPath()
    {
    }

    public FieldPath? Parent { get; private init; }

    /// <summary>Empty for an element.</summary>
    public string Name { get; private init; } = "";

    public bool IsElement { get; private init; }

    public JsonObject? Keys { get; private init; }

    public int DeclaredIndex { get; private init; }

    public int LiveIndex { get; private init; }

    public FieldPath Field(string name) => new() { Parent = this, Name = name };

    public FieldPath Element(int declared, int live, JsonObject? keys) => new() { Parent = this, IsElement = true, DeclaredIndex = declared, LiveIndex = live, Keys = keys };

    /// <summary>The live object lacks this element.</summary>
    public bool IsNewElement => IsElement && LiveIndex < 0;

    public IReadOnlyList<FieldPath> Steps
    {
        get
        {
            var steps = new List<FieldPath>();
            for (var at = this; at.Parent is not null; at = at.Parent)
                steps.Add(at);
            steps.Reverse();
            return steps;
        }
    }

    /// <summary>JSON pointer within the live object; a new element is behind the last one.</summary>
    public string LivePointer => string.Concat(Steps.Select(s =>
        "/" + (s.IsElement ? s.IsNewElement ? "-" : Number(s.LiveIndex) : s.Name.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal))));

    /// <summary>As a person reads it: <c>spec.template.spec.containers[name=web].image</c>.</summary>
    public override string ToString()
    {
        var text = "";
        foreach (var step in Steps)
        {
            if (step.Keys is { } keys)
                text += $"[{string.Join(',', keys.Select(k => $"{k.Key}={k.Value}"))}]";
            else if (step.IsElement)
                text += $"[{Number(step.DeclaredIndex)}]";
            else if (step.Name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_'))
                text += text.Length == 0 ? step.Name : $".{step.Name}";
            else
                text += $"[\"{step.Name}\"]";
        }

        return text;
    }

    /// <summary>The pointer, in the manifest's own indices, names this field or one above it.</summary>
    public bool IsWithin(string[] pointer)
    {
        var steps = Steps;
        return pointer.Length <= steps.Count
            && pointer.Zip(steps).All(p => p.First == "*" || p.First == (p.Second.IsElement ? Number(p.Second.DeclaredIndex) : p.Second.Name));
    }

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);
}
