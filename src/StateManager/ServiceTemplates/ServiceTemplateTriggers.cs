using Fleet.Control.Kinds;
using Fleet.Control.Watching;
using Fleet.Kubernetes.Core;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Resources;
using Fleet.Kubernetes.Watching;
using Fleet.StateManager.Services;

namespace Fleet.StateManager.ServiceTemplates;

/// <summary>What asks for a ServiceTemplate: itself, and the object that it is taken from.</summary>
internal sealed class ServiceTemplateTriggers : IAsyncDisposable
{
    private const string BySource = "source";

    private readonly Informer<ServiceTemplate, ServiceTemplate> templates;
    private readonly SourceWatches watches;

    public ServiceTemplateTriggers(IKubernetesClient management, SourceWatches watches, TimeProvider clock)
    {
        this.watches = watches;
        templates = management.Resource(FleetKinds.ServiceTemplates).Informer(new InformerOptions<ServiceTemplate, ServiceTemplate>
        {
            Project = static template => template,
            Indices = new Dictionary<string, Func<ServiceTemplate, IEnumerable<string>>> { [BySource] = SourcesOf },
            Clock = clock,
        });
    }

    public IReadOnlyList<ITrigger> All() =>
    [
        new InformerTrigger<ServiceTemplate, ServiceTemplate>(templates, Changes.Own),
        .. watches.Repositories.Append(new("ConfigMap", watches.ConfigMaps)).Append(new("Secret", watches.Secrets))
            .Select(source => new InformerTrigger<PartialObjectMetadata, string>(source.Value, change => UsersOf(source.Key, change.Key))),
    ];

    public ValueTask DisposeAsync() => templates.DisposeAsync();

    internal static IEnumerable<string> SourcesOf(ServiceTemplate template)
    {
        var own = template.Metadata.Namespace ?? "";
        if (template.Spec.Helm?.ChartSpec?.SourceRef is { } chart)
            yield return Source(chart.Kind, Key(chart.Namespace, chart.Name, own));
        if (template.Spec.Helm?.ChartRef is { } reference)
            yield return Source(reference.Kind, Key(reference.Namespace, reference.Name, own));
        foreach (var spec in new[] { template.Spec.Helm?.ChartSource, template.Spec.Kustomize, template.Spec.Resources })
            if (spec?.LocalSourceRef is { } local)
                yield return Source(local.Kind, Key(local.Kind is "ConfigMap" or "Secret" ? null : local.Namespace, local.Name, own));
    }

    private IEnumerable<ObjectKey> UsersOf(string kind, ObjectKey source) => templates.State.HasSynced
        ? templates.ByIndex(BySource, Source(kind, source)).Select(template => template.Metadata.Key)
        : [];

    private static string Source(string kind, ObjectKey key) => $"{kind} {key}";

    private static ObjectKey Key(string? stated, string name, string own) => new(stated is { Length: > 0 } ? stated : own, name);
}
