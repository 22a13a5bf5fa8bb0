using Fleet.Contracts.Services;
using Fleet.Contracts.Templates;
using Fleet.Control.Durations;
using Fleet.Control.Kinds;
using Fleet.Control.Reconciling;
using Fleet.Control.Status;
using Fleet.Control.Templates;
using Fleet.Helm.Errors;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Resources;

namespace Fleet.StateManager.ServiceTemplates;

/// <summary>Checks ServiceTemplates: pulls the chart, publishes the schema of its values, says in status whether and as what the template can be used.</summary>
internal sealed class ServiceTemplateReconciler(
    IKubernetesClient management, ITemplateCharts charts, TemplateSchemas schemas, IStatusWriter status) : IReconciler
{
    /// <summary>Something that is missing may be created at any time, and nothing tells when a repository is back.</summary>
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(20);

    public async Task<Outcome> ReconcileAsync(ReconcileRequest request, CancellationToken ct)
    {
        var template = await management.Resource(FleetKinds.ServiceTemplates).GetAsync(request.Key, ct);
        if (template is null || template.Metadata.IsBeingDeleted)
            return Outcome.Done;
        var check = await CheckAsync(template, ct);
        // A template that was found good stays good while its repository is away: services must not flap with it.
        if (check.IsPassing && template.Status is { Valid: true } seen && seen.ObservedGeneration == template.Metadata.Generation)
            return Outcome.Waiting("RepositoryUnavailable", RetryAfter);
        if (check.Chart?.Content.Schema is { } schema)
            await schemas.PublishAsync(FleetKinds.ServiceTemplates.Kind, template.Metadata, schema, request.Ownership, ct);
        var wanted = ServiceTemplateStatusFrom.Check(template, check);
        var conditions = ServiceTemplateStatusFrom.Conditions(template, check);
        await status.WriteAsync(StatusChange.Of(
            FleetKinds.ServiceTemplates, template, wanted, conditions, ServiceTemplateStatusFrom.Owned, request.Ownership));
        return Next(template.Spec, check);
    }

    private async Task<TemplateCheck> CheckAsync(CustomResource<ServiceTemplateSpec, ServiceTemplateStatus> template, CancellationToken ct)
    {
        if (template.Spec.Helm is not { } helm)
            return new TemplateCheck(null, "only spec.helm is supported so far; kustomize and resources are not", false);
        if (OptionsProblem(template.Spec.HelmOptions) is { } problem)
            return new TemplateCheck(null, problem, false);
        try
        {
            var chart = await charts.PullAsync(helm, template.Metadata.Namespace ?? "", null, ct);
            return new TemplateCheck(chart, KubernetesCompatibility.ConstraintProblem(ServiceTemplateStatusFrom.Constraint(template.Spec, chart)), false);
        }
        catch (TemplateChartException e)
        {
            return new TemplateCheck(null, e.Message, e.MayAppear);
        }
        catch (HelmException e)
        {
            return new TemplateCheck(null, e.Message, e.IsTransient || e.Kind is HelmErrorKind.ChartNotFound or HelmErrorKind.AuthenticationFailed);
        }
    }

    private static string? OptionsProblem(ServiceHelmOptions? options) =>
        options?.Timeout is { } timeout && !GoDuration.TryParse(timeout, out _)
            ? $"spec.helmOptions.timeout {timeout} is not a duration, for instance 5m or 1h30m"
            : null;

    private static Outcome Next(ServiceTemplateSpec spec, TemplateCheck check)
    {
        if (check.IsPassing)
            return Outcome.Waiting("ChartUnavailable", RetryAfter);
        if (check.Error is not null)
            return Outcome.Stalled("InvalidTemplate", check.Error);
        // A range may come to mean a newer chart; an exact version means the same chart for ever.
        var version = spec.Helm?.ChartSpec?.Version ?? "";
        var isExact = version.Length > 0 && char.IsAsciiDigit(version[^1]) && version.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '+');
        if (isExact && version.Count(c => c == '.') >= 2)
            return Outcome.Done;
        return Outcome.After(GoDuration.TryParse(spec.Helm?.ChartSpec?.Interval, out var interval) ? interval : TimeSpan.FromMinutes(10));
    }
}
