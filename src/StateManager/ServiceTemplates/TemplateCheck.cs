using Fleet.Control.Templates;
using Fleet.Helm.Charts;

namespace Fleet.StateManager.ServiceTemplates;

/// <summary>How the check of a template ended. A passing error may go away without a change of the template.</summary>
internal sealed record TemplateCheck(ChartArchive? Chart, string? Error, bool IsPassing)
{
    /// <summary>Of kustomizations and manifests; null when it could not be had.</summary>
    public SourceFiles? Source { get; init; }

    /// <summary>How often the source wants to be looked at; null when nothing but a change of an object can change it.</summary>
    public TimeSpan? Interval { get; init; }
}
