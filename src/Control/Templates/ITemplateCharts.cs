using Fleet.Contracts.Templates;

namespace Fleet.Control.Templates;

/// <summary>
/// The chart behind a template: finds its repository (in the template's namespace, then in the system namespaces), reads the repository's
/// credentials, pulls the chart and checks that it can be installed. Problems are results, because users are told about them; only
/// failures of the management API itself throw.
/// </summary>
public interface ITemplateCharts
{
    Task<TemplateChart> FindAsync(HelmSpec helm, string @namespace, CancellationToken ct);
}
