using System.Text.Json.Nodes;

namespace Fleet.StateManager.Services;

/// <summary>Where values come from: the chart, a key of a ConfigMap or Secret that <c>valuesFrom</c> names, or <c>values</c> of the service itself.</summary>
internal sealed record ValuesOrigin(string Kind, string? Name = null, string? Key = null)
{
    public static ValuesOrigin Chart { get; } = new("Chart");

    public static ValuesOrigin Inline { get; } = new("Values");

    public bool IsSecret => Kind == "Secret";

    public override string ToString() => Name is null ? "values" : $"valuesFrom: {Kind} {Name}, key {Key}";
}

/// <summary>The values of one origin. Later layers win.</summary>
internal sealed record ValuesLayer(ValuesOrigin Origin, JsonObject Values);
