using Fleet.Contracts.Templates;
using Fleet.Helm.Charts;
using Fleet.Helm.Errors;

namespace Fleet.Control.Templates;

/// <summary>The chart behind a template of any kind: its HelmRepository read with credentials, the chart pulled into the cache and checked.</summary>
public interface ITemplateCharts
{
    /// <summary>
    /// Throws <see cref="TemplateChartException"/> when the template or its repository is wrong or absent, and <see cref="HelmException"/>
    /// when the repository fails or has no such chart.
    /// </summary>
    /// <param name="helm">The template's <c>spec.helm</c>.</param>
    /// <param name="templateNamespace">Where the template is: the default of the repository's namespace.</param>
    /// <param name="version">Instead of the spec's version, for instance the one that the template's status has resolved.</param>
    /// <param name="ct">Cancels the download.</param>
    Task<ChartArchive> PullAsync(HelmSpec helm, string templateNamespace, string? version, CancellationToken ct);
}
