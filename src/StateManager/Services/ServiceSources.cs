using Fleet.Contracts.Services;
using Fleet.Contracts.Templates;
using Fleet.Control.Kinds;
using Fleet.Control.Placement;
using Fleet.Control.Templates;
using Fleet.Helm.Charts;
using Fleet.Helm.Errors;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Resources;
using Fleet.StateManager.ServiceSets;

namespace Fleet.StateManager.Services;

/// <summary>Works out what each service is made of: its template, the chart, the values. Problems of one service never touch another.</summary>
internal sealed class ServiceSources(
    IKubernetesClient management, ITemplateCharts charts, ServiceValuesReader values, SystemNamespaces namespaces, KubernetesFit fit)
{
    /// <summary>One source per service, in order. Throws only when the management API itself fails.</summary>
    public async Task<IReadOnlyList<ServiceSource>> FindAsync(ServiceSet set, ObjectKey cluster, RenderMemory memory, CancellationToken ct)
    {
        var services = set.Spec.Services ?? [];
        var readings = await values.ReadAsync(set, cluster, services, memory, ct);
        // Services of one set often share a template, and every chart costs questions to the API and to its repository.
        var templates = new Dictionary<string, CustomResource<ServiceTemplateSpec, ServiceTemplateStatus>?>();
        var pulled = new Dictionary<ObjectKey, ChartArchive>();
        var sources = new List<ServiceSource>(services.Count);
        for (var i = 0; i < services.Count; i++)
        {
            var name = services[i].Template;
            if (!templates.TryGetValue(name, out var template))
                templates[name] = template = await FindTemplateAsync(cluster.Namespace, name, ct);
            var source = await FindAsync(cluster.Namespace, services[i], template, readings[i], pulled, ct);
            sources.Add(source is ServiceSource.Found && template?.Status?.K8sConstraint is { Length: > 0 } constraint
                ? await fit.OfAsync(cluster, template.Metadata.Key, constraint, ct) ?? source
                : source);
        }
        return sources;
    }

    private async Task<ServiceSource> FindAsync(
        string ns, PlacedService service, CustomResource<ServiceTemplateSpec, ServiceTemplateStatus>? template, ValuesReading reading,
        Dictionary<ObjectKey, ChartArchive> pulled, CancellationToken ct)
    {
        if (template is null)
            return new ServiceSource.Blocked($"ServiceTemplate {service.Template} does not exist in namespace {ns} nor in a system namespace", false);
        if (template.Spec.Helm is not { } helm)
            return new ServiceSource.Blocked($"ServiceTemplate {template.Metadata.Key} has no chart; only spec.helm is supported so far", true);
        if (template.Status is null || template.Status.ObservedGeneration != template.Metadata.Generation)
            return new ServiceSource.Blocked($"ServiceTemplate {template.Metadata.Key} has not been checked yet", false);
        if (!template.Status.Valid)
            return new ServiceSource.Blocked($"ServiceTemplate {template.Metadata.Key} is not valid: {template.Status.ValidationError}", true);
        if (reading.Problem is { } problem)
            return new ServiceSource.Blocked(problem.Message, problem.IsFault);
        try
        {
            var layers = reading.Layers();
            if (!pulled.TryGetValue(template.Metadata.Key, out var chart))
                pulled[template.Metadata.Key] = chart = await charts.PullAsync(helm, template.Metadata.Namespace!, template.Status.ChartVersion, ct);
            var options = ReleaseOptionsFrom.Both(service.HelmOptions, template.Spec.HelmOptions);
            return new ServiceSource.Found(chart, ServiceValues.Merge(layers), options, ServiceVersion.Of(service.Version, service.Template, template.Spec), reading.Secrets) { Layers = layers };
        }
        catch (TemplateChartException e)
        {
            return new ServiceSource.Blocked(e.Message, !e.MayAppear);
        }
        catch (HelmException e)
        {
            return new ServiceSource.Blocked(e.Message, !e.IsTransient);
        }
        catch (ServiceValuesException e)
        {
            return new ServiceSource.Blocked(e.Message, true);
        }
    }

    private async Task<CustomResource<ServiceTemplateSpec, ServiceTemplateStatus>?> FindTemplateAsync(string ns, string name, CancellationToken ct)
    {
        foreach (var place in namespaces.SearchFrom(ns))
            if (await management.Resource(FleetKinds.ServiceTemplates).GetAsync(new(place, name), ct) is { } template)
                return template;
        return null;
    }
}
