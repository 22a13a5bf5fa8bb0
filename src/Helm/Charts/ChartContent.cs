using System.Text.Json.Nodes;

namespace Fleet.Helm.Charts;

/// <summary>
/// What Fleet reads from a chart without helm. For a thin wrapper (no own templates' worth: exactly one dependency, with the chart's own name) values, schema,
/// readme and description are the dependency's, as upstream does.
/// </summary>
public sealed record ChartContent
{
    public required ChartMetadata Metadata { get; init; }

    /// <summary>Defaults (values.yaml) as JSON.</summary>
    public JsonObject Values { get; init; } = [];

    /// <summary>values.yaml as it is, with its comments; empty when there is none.</summary>
    public string ValuesText { get; init; } = "";

    /// <summary>values.schema.json, or null.</summary>
    public string? Schema { get; init; }

    public string Readme { get; init; } = "";

    /// <summary>Files of crds/, in order; what a caller applies for <c>upgradeCRDs</c>, which helm does not do.</summary>
    public IReadOnlyList<string> Crds { get; init; } = [];

    public bool IsThinWrapper { get; init; }

    /// <summary>Texts in quotes in the templates, those of dependencies included; null when they cannot all be known.</summary>
    public IReadOnlyList<string>? TemplateTexts { get; init; }
}

/// <summary>Chart.yaml.</summary>
public sealed record ChartMetadata
{
    public required string ApiVersion { get; init; }
    public required string Name { get; init; }
    public required string Version { get; init; }
    public string AppVersion { get; init; } = "";
    public string Description { get; init; } = "";
    public string KubeVersion { get; init; } = "";

    /// <summary><c>application</c> or <c>library</c>.</summary>
    public string Type { get; init; } = "application";
    public bool Deprecated { get; init; }
    public IReadOnlyDictionary<string, string> Annotations { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);
    public IReadOnlyList<ChartDependency> Dependencies { get; init; } = [];
}

public sealed record ChartDependency(string Name, string Version, string Repository, string? Alias = null);
