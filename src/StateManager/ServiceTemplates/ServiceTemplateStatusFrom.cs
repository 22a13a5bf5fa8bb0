using System.Globalization;
using System.Text.Json.Nodes;
using Fleet.Contracts;
using Fleet.Contracts.Conditions;
using Fleet.Contracts.Templates;
using Fleet.Control.Status;
using Fleet.Control.Templates;
using Fleet.Helm.Charts;
using Fleet.Kubernetes.Objects;

namespace Fleet.StateManager.ServiceTemplates;

/// <summary>The status of a ServiceTemplate from its check. Pure.</summary>
internal static class ServiceTemplateStatusFrom
{
    private const string Algorithm = "sha256:";

    public static IReadOnlySet<ConditionType> Owned { get; } = new HashSet<ConditionType> { SharedConditions.Ready };

    public static ServiceTemplateStatus Check(ServiceTemplate template, TemplateCheck check, DateTimeOffset now)
    {
        var status = new ServiceTemplateStatus { K8sConstraint = Constraint(template.Spec, check.Chart), SourceStatus = Source(template, check, now) };
        var name = check.Chart?.Content.Schema is null ? null : TemplateSchemas.NameFor("ServiceTemplate", template.Metadata.Name ?? "");
        new TemplateFindings { Chart = check.Chart, Error = check.Error, SchemaConfigMapName = name }.FillIn(status, template.Metadata.Generation);
        return status;
    }

    /// <summary>What a template that is good says while its source cannot be had: as it was, but for the state of the source.</summary>
    public static ServiceTemplateStatus Away(ObjectMeta template, ServiceTemplateStatus seen, TemplateCheck check, DateTimeOffset now) => seen.SourceStatus is not { } source
        ? seen
        : seen with { SourceStatus = source with { Conditions = SourceConditions(template, source, check.Error, now) } };

    /// <summary>What services of the template get until it is checked again; null when it was never found good.</summary>
    public static SourcePin? Pin(ServiceTemplateStatus? status) =>
        (string?)status?.SourceStatus?.Artifact?["digest"] is { } digest && digest.StartsWith(Algorithm, StringComparison.Ordinal)
            ? new((string?)status.SourceStatus.Artifact["revision"] ?? "", digest[Algorithm.Length..])
            : null;

    /// <summary>The versions of Kubernetes that the service runs on: the template's word, else the chart's.</summary>
    public static string? Constraint(ServiceTemplateSpec spec, ChartArchive? chart) =>
        spec.K8sConstraint ?? chart?.Content.Metadata.Annotations.GetValueOrDefault(FleetAnnotations.ChartKubernetesConstraint);

    public static IReadOnlyList<Condition> Conditions(CustomResource<ServiceTemplateSpec, ServiceTemplateStatus> template, TemplateCheck check) =>
    [
        ConditionSummary.Ready(check.Error is null ? [] : [Problem(check)]) with { ObservedGeneration = template.Metadata.Generation },
    ];

    private static Condition Problem(TemplateCheck check) =>
        Condition.False(new ConditionType("ChartUsable"), check.IsPassing ? Reason.Progressing : Reason.Failed, check.Error!);

    private static TemplateSourceStatus? Source(ServiceTemplate template, TemplateCheck check, DateTimeOffset now)
    {
        var before = template.Status?.SourceStatus;
        var source = check.Source is { } files
            ? new TemplateSourceStatus { Kind = files.Kind, Name = files.Key.Name, Namespace = files.Key.Namespace, Artifact = Artifact(files, before, now) }
            : template.Spec.Helm?.ChartSpec?.SourceRef is { } chart
                ? new TemplateSourceStatus { Kind = chart.Kind, Name = chart.Name, Namespace = chart.Namespace ?? template.Metadata.Namespace }
                : null;
        if (source is null)
            return null;
        source.ObservedGeneration = check.Source?.Generation;
        source.Conditions = SourceConditions(template.Metadata, before, check is { Source: null, IsPassing: true } ? check.Error : null, now);
        return source;
    }

    private static JsonObject Artifact(SourceFiles files, TemplateSourceStatus? before, DateTimeOffset now)
    {
        var isSame = (string?)before?.Artifact?["digest"] == Algorithm + files.Digest;
        return new()
        {
            ["revision"] = files.Revision,
            ["digest"] = Algorithm + files.Digest,
            ["lastUpdateTime"] = isSame ? before!.Artifact!["lastUpdateTime"]?.DeepClone() : StatusTime.Of(now).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture),
        };
    }

    private static List<Condition> SourceConditions(ObjectMeta template, TemplateSourceStatus? before, string? error, DateTimeOffset now)
    {
        var ready = error is null ? Condition.True(SharedConditions.Ready, Reason.Succeeded, "The source was fetched") : Condition.False(SharedConditions.Ready, Reason.Failed, error);
        return [.. new ConditionSet(before?.Conditions ?? []).With(ready with { ObservedGeneration = template.Generation }, StatusTime.Of(now))];
    }
}
