using Fleet.Contracts.Templates;
using Fleet.Kubernetes.Objects;

namespace Fleet.Control.Templates;

/// <summary>The files behind <c>spec.kustomize</c> and <c>spec.resources</c> of a ServiceTemplate, wherever they are.</summary>
public interface ISourceFiles
{
    /// <summary>Throws <see cref="TemplateChartException"/> when they cannot be had, or are not those of the pin any more.</summary>
    /// <param name="source">The template's source.</param>
    /// <param name="template">The template, whose namespace is the source's where that names none.</param>
    /// <param name="pin">
    /// What the template was checked with; null asks the source anew. ConfigMaps and Secrets are always read as they are.
    /// </param>
    /// <param name="ct">Ends the fetch.</param>
    Task<SourceFiles> FetchAsync(SourceSpec source, ObjectKey template, SourcePin? pin, CancellationToken ct);

    /// <summary>How often the source wants to be looked at; null for what is watched.</summary>
    Task<TimeSpan?> IntervalAsync(SourceSpec source, ObjectKey template, CancellationToken ct);
}
