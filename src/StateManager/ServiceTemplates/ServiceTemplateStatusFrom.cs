using Fleet.Contracts;
using Fleet.Contracts.Conditions;
using Fleet.Contracts.Templates;
using Fleet.Control.Templates;
using Fleet.Helm.Charts;
using Fleet.Kubernetes.Objects;

namespace Fleet.StateManager.ServiceTemplates;

/// <summary>The status of a ServiceTemplate from its check. Pure.</summary>
internal static class ServiceTemplateStatusFrom
{
    public static IReadOnlySet<ConditionType> Owned { get; } = new HashSet<ConditionType> { SharedConditions.Ready };

    public static ServiceTemplateStatus Check(CustomResource<ServiceTemplateSpec, ServiceTemplateStatus> template, TemplateCheck check)
    {
        var status = new ServiceTemplateStatus { K8sConstraint = Constraint(template.Spec, check.Chart), SourceStatus = Source(template) };
        var name = check.Chart?.Content.Schema is null ? null : TemplateSchemas.NameFor("ServiceTemplate", template.Metadata.Name ?? "");
        new TemplateFindings { Chart = check.Chart, Error = check.Error, SchemaConfigMapName = name }.FillIn(status, template.Metadata.Generation);
        return status;
    }

    /// <summary>The versions of Kubernetes that the service runs on: the template's word, else the chart's.</summary>
    public static string? Constraint(ServiceTemplateSpec spec, ChartArchive? chart) =>
        spec.K8sConstraint ?? chart?.Content.Metadata.Annotations.GetValueOrDefault(FleetAnnotations.ChartKubernetesConstraint);

    public static IReadOnlyList<Condition> Conditions(CustomResource<ServiceTemplateSpec, ServiceTemplateStatus> template, TemplateCheck check) =>
    [
        ConditionSummary.Ready(check.Error is null ? [] : [Problem(check)]) with { ObservedGeneration = template.Metadata.Generation },
    ];

    private static Condition Problem(TemplateCheck check) =>
        Condition.False(new ConditionType("ChartUsable"), check.IsPassing ? Reason.Progressing : Reason.Failed, check.Error!);

    private static TemplateSourceStatus? Source(CustomResource<ServiceTemplateSpec, ServiceTemplateStatus> template) =>
        template.Spec.Helm?.ChartSpec?.SourceRef is { } source
            ? new TemplateSourceStatus { Kind = source.Kind, Name = source.Name, Namespace = source.Namespace ?? template.Metadata.Namespace }
            : null;
}
