using Fleet.Contracts;
using Fleet.Control.Kinds;
using Fleet.Control.Templates;
using Fleet.Helm.Charts;
using Fleet.Helm.Errors;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Resources;

namespace Fleet.ClusterManager.Components;

/// <summary>
/// Reads what concerns the components of one cluster: templates in the management cluster, releases and their objects in the target. Failures of either
/// API throw: what could not be read is never taken for absent.
/// </summary>
internal sealed class ComponentFactsReader(IKubernetesClient management, ITemplateCharts charts)
{
    public async Task<ComponentsFacts> ReadAsync(ComponentsRequest request, ComponentMemory memory, CancellationToken ct)
    {
        var target = request.Target;
        var installed = await InstalledComponents.ReadAsync(target, memory, ct);
        var wanted = await Task.WhenAll(request.Wanted.Select(component => ReadAsync(target, component, installed, ct)));
        var unwanted = installed.Values.Where(present => wanted.All(component => component.Release != present.Release));
        return new()
        {
            Target = target,
            Wanted = wanted,
            Unwanted = await Task.WhenAll(unwanted.OrderBy(present => present.Name, StringComparer.Ordinal).Select(present => WithProvidersAsync(present, ct))),
            HeldBy = request.HeldBy,
            Users = request.Users,
            Seen = request.Seen,
        };
    }

    private async Task<ComponentFacts> ReadAsync(
        ComponentTarget target, WantedComponent component, IReadOnlyDictionary<Helm.Releases.ReleaseName, InstalledComponent> installed, CancellationToken ct)
    {
        var release = target.ReleaseOf(component);
        var template = component.Template is { } name ? await management.Resource(FleetKinds.ProviderTemplates).GetAsync(ObjectKey.Cluster(name), ct) : null;
        var (chart, problem) = await ChartAsync(template, ct);
        var present = installed.GetValueOrDefault(release);
        return new(component, release)
        {
            Template = template,
            Chart = chart,
            ChartProblem = problem,
            Installed = present,
            IsForeign = present is null && template?.Spec.Helm is not null && !target.TakesOver && await InstalledComponents.IsTakenAsync(target, release, ct),
        };
    }

    /// <summary>The very chart that the template was found valid with.</summary>
    private async Task<(ChartArchive? Chart, string? Problem)> ChartAsync(ProviderTemplate? template, CancellationToken ct)
    {
        if (template is not { Status.Valid: true, Spec.Helm: { } helm })
            return (null, null);
        try
        {
            return (await charts.PullAsync(helm, FleetApi.SystemNamespace, template.Status.ChartVersion, ct), null);
        }
        catch (Exception e) when (e is TemplateChartException or HelmException)
        {
            return (null, e.Message);
        }
    }

    private async Task<InstalledComponent> WithProvidersAsync(InstalledComponent present, CancellationToken ct) =>
        present.Template is { } name && await management.Resource(FleetKinds.ProviderTemplates).GetAsync(ObjectKey.Cluster(name), ct) is { Status.Providers: { } providers }
            ? present with { Providers = providers }
            : present;
}
