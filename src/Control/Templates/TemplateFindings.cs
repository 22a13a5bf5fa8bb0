using System.Text.Json.Nodes;
using Fleet.Contracts.Templates;
using Fleet.Helm.Charts;

namespace Fleet.Control.Templates;

/// <summary>What the check of a template's chart has found, and how that reads in the status of any kind of template. Pure.</summary>
public sealed record TemplateFindings
{
    /// <summary>Null when the chart could not be had.</summary>
    public ChartArchive? Chart { get; init; }

    /// <summary>Null when the template can be used.</summary>
    public string? Error { get; init; }

    /// <summary>The name under which the schema of the chart's values is published; null when the chart has none.</summary>
    public string? SchemaConfigMapName { get; init; }

    /// <summary>Fills the fields that all kinds of templates share.</summary>
    public void FillIn(TemplateStatus status, long? generation)
    {
        status.Valid = Error is null;
        status.ValidationError = Error;
        status.ObservedGeneration = generation;
        if (Chart is null)
            return;
        status.ChartVersion = Chart.Version;
        status.Description = Chart.Content.Metadata.Description;
        status.Config = Chart.Content.Values.Count == 0 ? null : (JsonObject)Chart.Content.Values.DeepClone();
        status.SchemaConfigMapName = SchemaConfigMapName;
    }
}
