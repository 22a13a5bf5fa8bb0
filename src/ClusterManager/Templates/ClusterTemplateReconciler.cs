using Fleet.Contracts.Conditions;
using Fleet.Control.Kinds;
using Fleet.Control.Reconciling;
using Fleet.Control.Status;
using Fleet.Control.Templates;
using Fleet.Helm.Errors;
using Fleet.Kubernetes.Resources;

namespace Fleet.ClusterManager.Templates;

/// <summary>Checks the chart of a ClusterTemplate and shows in its status what it needs and takes.</summary>
internal sealed class ClusterTemplateReconciler(
    IKubernetesClient client, ITemplateCharts charts, TemplateSchemas schemas, IStatusWriter status) : IReconciler
{
    /// <summary>When nothing reports that a chart or repository has appeared. Repositories in the API report at once.</summary>
    private static readonly TimeSpan LookAgain = TimeSpan.FromMinutes(1);

    private static readonly HashSet<ConditionType> OwnsNoConditions = [];

    public async Task<Outcome> ReconcileAsync(ReconcileRequest request, CancellationToken ct)
    {
        var template = await client.Resource(FleetKinds.ClusterTemplates).GetAsync(request.Key, ct);
        if (template is null || template.Metadata.IsBeingDeleted)
            return Outcome.Done;
        var (findings, mayPass) = await CheckAsync(template, ct);
        if (findings.Chart?.Content.Schema is { } schema)
            await schemas.PublishAsync(FleetKinds.ClusterTemplates.Kind, template.Metadata, schema, request.Ownership, ct);
        var wanted = ClusterTemplateStatusFrom.Findings(template, findings);
        await status.WriteAsync(StatusChange.Of(FleetKinds.ClusterTemplates, template, wanted, [], OwnsNoConditions, request.Ownership));
        if (findings.Error is { } error)
            return mayPass ? Outcome.Waiting("ChartUnavailable", LookAgain) : Outcome.Stalled("InvalidClusterTemplate", error);
        return ClusterTemplateStatusFrom.FollowsVersions(template.Spec) ? Outcome.After(TimeSpan.FromMinutes(10)) : Outcome.Done;
    }

    private async Task<(TemplateFindings Findings, bool MayPass)> CheckAsync(ClusterTemplate template, CancellationToken ct)
    {
        if (template.Spec.Helm.ChartSource is not null)
            return (new() { Error = ".spec.helm.chartSource is not supported for ClusterTemplates" }, false);
        try
        {
            var chart = await charts.PullAsync(template.Spec.Helm, template.Metadata.Namespace ?? "", null, ct);
            var errors = ClusterTemplateCheck.Of(template.Spec, chart.Content.Metadata).Errors;
            return (new()
            {
                Chart = chart,
                Error = errors.Count > 0 ? string.Join("; ", errors) : null,
                SchemaConfigMapName = chart.Content.Schema is null ? null : TemplateSchemas.NameFor("ClusterTemplate", template.Metadata.Name ?? ""),
            }, false);
        }
        catch (TemplateChartException e)
        {
            return (new() { Error = e.Message }, e.MayAppear);
        }
        catch (HelmException e)
        {
            // A chart that is not there may be pushed later; only a broken one stays broken.
            return (new() { Error = e.Message }, e.Kind != HelmErrorKind.ChartInvalid);
        }
    }
}
