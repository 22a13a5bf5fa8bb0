using Fleet.Contracts.Conditions;
using Fleet.Contracts.Templates;
using Fleet.Control.Durations;
using Fleet.Control.Kinds;
using Fleet.Control.Reconciling;
using Fleet.Control.Status;
using Fleet.Control.Templates;
using Fleet.Kubernetes.Resources;

namespace Fleet.StateManager.ServiceTemplates;

/// <summary>
/// Checks ServiceTemplates: pulls the chart or the manifests, publishes the schema of a chart's values, says in status whether and as what the template can
/// be used.
/// </summary>
internal sealed class ServiceTemplateReconciler(
    IKubernetesClient management, ServiceTemplateCheck checks, TemplateSchemas schemas, IStatusWriter status, TimeProvider clock) : IReconciler
{
    /// <summary>Something that is missing may be created at any time, and nothing tells when a repository is back.</summary>
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(20);

    /// <summary>A source is not asked more often than this, whatever its interval says.</summary>
    private static readonly TimeSpan ShortestInterval = TimeSpan.FromSeconds(1);

    public async Task<Outcome> ReconcileAsync(ReconcileRequest request, CancellationToken ct)
    {
        var template = await management.Resource(FleetKinds.ServiceTemplates).GetAsync(request.Key, ct);
        if (template is null || template.Metadata.IsBeingDeleted)
            return Outcome.Done;
        var check = await checks.CheckAsync(template.Spec, template.Metadata.Key, ct);
        // A template that was found good stays good while its repository is away: services must not flap with it.
        if (check.IsPassing && template.Status is { Valid: true } seen && seen.ObservedGeneration == template.Metadata.Generation)
        {
            await WriteAsync(template, ServiceTemplateStatusFrom.Away(template.Metadata, seen, check, clock.GetUtcNow()), ServiceTemplateStatusFrom.Conditions(template, check with { Error = null }), request);
            return Outcome.Waiting("RepositoryUnavailable", RetryAfter);
        }
        if (check.Chart?.Content.Schema is { } schema)
            await schemas.PublishAsync(FleetKinds.ServiceTemplates.Kind, template.Metadata, schema, request.Ownership, ct);
        await WriteAsync(template, ServiceTemplateStatusFrom.Check(template, check, clock.GetUtcNow()), ServiceTemplateStatusFrom.Conditions(template, check), request);
        return Next(template.Spec, check);
    }

    private Task WriteAsync(ServiceTemplate template, ServiceTemplateStatus wanted, IReadOnlyList<Condition> conditions, ReconcileRequest request) =>
        status.WriteAsync(StatusChange.Of(FleetKinds.ServiceTemplates, template, wanted, conditions, ServiceTemplateStatusFrom.Owned, request.Ownership));

    private static Outcome Next(ServiceTemplateSpec spec, TemplateCheck check)
    {
        if (check.IsPassing)
            return Outcome.Waiting("ChartUnavailable", RetryAfter);
        if (check.Interval is { } again)
            return Outcome.After(again > ShortestInterval ? again : ShortestInterval);
        if (check.Error is not null)
            return Outcome.Stalled("InvalidTemplate", check.Error);
        // ConfigMaps and Secrets are watched.
        if (spec.Helm is null)
            return Outcome.Done;
        // A range may come to mean a newer chart; an exact version means the same chart for ever.
        var version = spec.Helm?.ChartSpec?.Version ?? "";
        var isExact = version.Length > 0 && char.IsAsciiDigit(version[^1]) && version.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '+');
        if (isExact && version.Count(c => c == '.') >= 2)
            return Outcome.Done;
        return Outcome.After(GoDuration.TryParse(spec.Helm?.ChartSpec?.Interval, out var interval) ? interval : TimeSpan.FromMinutes(10));
    }
}
