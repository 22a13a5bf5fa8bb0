using Fleet.ClusterManager.Upgrades;
using Fleet.Control.Kinds;
using Fleet.Control.Templates;
using Fleet.Helm.Charts;
using Fleet.Helm.Errors;
using Fleet.Kubernetes.Resources;

namespace Fleet.ClusterManager.Clusters;

/// <summary>Finds templates in the namespace of whoever names them, then in the system namespaces.</summary>
internal sealed class TemplateLookup(IKubernetesClient client, ITemplateCharts charts, SystemNamespaces namespaces, TemplateChains chains)
{
    public async Task<ClusterTemplate?> FindAsync(string name, string @namespace, CancellationToken ct)
    {
        foreach (var place in namespaces.SearchFrom(@namespace))
            if (await client.Resource(FleetKinds.ClusterTemplates).GetAsync(new(place, name), ct) is { } found)
                return found;
        return null;
    }

    /// <inheritdoc cref="TemplateChains.UpgradesOf"/>
    public IReadOnlyList<string>? UpgradesOf(string? template, string @namespace, string? templateNamespace) =>
        chains.UpgradesOf(template, @namespace, templateNamespace);

    /// <summary>The very chart that the template was found valid with.</summary>
    public async Task<(ChartArchive? Chart, string? Problem)> ChartAsync(ClusterTemplate template, CancellationToken ct)
    {
        try
        {
            return (await charts.PullAsync(template.Spec.Helm, template.Metadata.Namespace ?? "", template.Status?.ChartVersion, ct), null);
        }
        catch (Exception e) when (e is TemplateChartException or HelmException)
        {
            return (null, e.Message);
        }
    }
}
