using Fleet.Contracts.Services;
using Fleet.Contracts.Templates;
using Fleet.Control.Kinds;
using Fleet.Control.Placement;
using Fleet.Control.Templates;
using Fleet.Helm.Charts;
using Fleet.Helm.Errors;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Resources;
using Fleet.StateManager.Manifests;
using Fleet.StateManager.Patches;
using Fleet.StateManager.ServiceSets;

namespace Fleet.StateManager.Services;

/// <summary>Works out what each service is made of: its template, the chart, the values. Problems of one service never touch another.</summary>
internal sealed class ServiceSources(
    IKubernetesClient management, ITemplateCharts charts, ManifestServices manifests, ServiceInputs inputs, SystemNamespaces namespaces, KubernetesFit fit)
{
    /// <summary>One source per service, in order. Throws only when the management API itself fails.</summary>
    /// <param name="posted">For previews.</param>
    public async Task<IReadOnlyList<ServiceSource>> FindAsync(
        ServiceSet set, ObjectKey cluster, SetMemory memory, CancellationToken ct, PostedSources? posted = null)
    {
        var services = set.Spec.Services ?? [];
        var (readings, patches) = await inputs.ReadAsync(set, cluster, services, memory, posted ?? PostedSources.None, ct);
        // Services of one set often share a template, and every chart costs questions to the API and to its repository.
        var templates = new Dictionary<string, ServiceTemplate?>();
        var pulled = new Dictionary<ObjectKey, ChartArchive>();
        var sources = new List<ServiceSource>(services.Count);
        for (var i = 0; i < services.Count; i++)
        {
            var name = services[i].Template;
            if (!templates.TryGetValue(name, out var template))
                templates[name] = template = await FindTemplateAsync(cluster.Namespace, name, posted ?? PostedSources.None, ct);
            var source = Problem(cluster.Namespace, services[i], template, readings[i])
                ?? (template!.Spec.Helm is { } helm ? await FindAsync(services[i], template, helm, readings[i], patches, pulled, ct)
                    : await manifests.FindAsync(set, cluster, services[i], template, readings[i], patches, memory, posted ?? PostedSources.None, ct));
            source = source with { Type = template is null ? null : ManifestServices.TypeOf(template) };
            sources.Add(source is ServiceSource.Found && template?.Status?.K8sConstraint is { Length: > 0 } constraint
                ? await fit.OfAsync(cluster, template.Metadata.Key, constraint, ct) is { } unfit ? unfit with { Type = source.Type } : source
                : source);
        }
        return sources;
    }

    /// <summary>What keeps any kind of service from being worked out; null when nothing does.</summary>
    private static ServiceSource.Blocked? Problem(string ns, PlacedService service, ServiceTemplate? template, ValuesReading reading) => template switch
    {
        null => new($"ServiceTemplate {service.Template} does not exist in namespace {ns} nor in a system namespace", false),
        { Status: null } => new($"ServiceTemplate {template.Metadata.Key} has not been checked yet", false),
        { Status: { } status } when status.ObservedGeneration != template.Metadata.Generation => new($"ServiceTemplate {template.Metadata.Key} has not been checked yet", false),
        { Status.Valid: false } => new($"ServiceTemplate {template.Metadata.Key} is not valid: {template.Status.ValidationError}", true),
        _ => reading.Problem is { } problem ? new(problem.Message, problem.IsFault) : null,
    };

    private async Task<ServiceSource> FindAsync(
        PlacedService service, ServiceTemplate template, HelmSpec helm, ValuesReading reading, PatchReading patches, Dictionary<ObjectKey, ChartArchive> pulled, CancellationToken ct)
    {
        try
        {
            var layers = reading.Layers();
            var patched = patches.For(ServiceSetIndex.NamespaceOf(service));
            if (!pulled.TryGetValue(template.Metadata.Key, out var chart))
                pulled[template.Metadata.Key] = chart = await charts.PullAsync(helm, template.Metadata.Namespace!, template.Status!.ChartVersion, ct);
            var options = ReleaseOptionsFrom.Both(service.HelmOptions, template.Spec.HelmOptions);
            return new ServiceSource.Found(chart, ServiceValues.Merge(layers), options, ServiceVersion.Of(service.Version, service.Template, template.Spec), [.. reading.Secrets, .. patches.Secrets])
            {
                Layers = layers,
                Patches = patched,
            };
        }
        catch (PatchException e)
        {
            return new ServiceSource.Blocked(e.Message, e.IsFault);
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

    private async Task<ServiceTemplate?> FindTemplateAsync(string ns, string name, PostedSources posted, CancellationToken ct)
    {
        foreach (var place in namespaces.SearchFrom(ns))
            if (posted.Template(new(place, name)) is { } preview)
                return preview;
            else if (await management.Resource(FleetKinds.ServiceTemplates).GetAsync(new(place, name), ct) is { } template)
                return template;
        return null;
    }
}
