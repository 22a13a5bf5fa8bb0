using Fleet.Contracts.Conditions;
using Fleet.Control.Kinds;
using Fleet.Control.Reconciling;
using Fleet.Control.Status;
using Fleet.Control.Templates;
using Fleet.Kubernetes.Resources;

namespace Fleet.ClusterManager.Templates;

/// <summary>Checks the chart of a ClusterTemplate and shows in its status what it needs and takes.</summary>
internal sealed class ClusterTemplateReconciler(IKubernetesClient client, ChartCheck check, IStatusWriter status) : IReconciler
{
    private static readonly HashSet<ConditionType> OwnsNoConditions = [];

    public async Task<Outcome> ReconcileAsync(ReconcileRequest request, CancellationToken ct)
    {
        var template = await client.Resource(FleetKinds.ClusterTemplates).GetAsync(request.Key, ct);
        if (template is null || template.Metadata.IsBeingDeleted)
            return Outcome.Done;
        var found = await CheckAsync(template, ct);
        if (!found.Keeps(template.Status, template.Metadata.Generation))
        {
            await check.PublishAsync(
                FleetKinds.ClusterTemplates.Kind, template.Metadata, template.Status?.SchemaConfigMapName is not null, found, request.Ownership, ct);
            var wanted = ClusterTemplateStatusFrom.Findings(template, found.Findings);
            await status.WriteAsync(StatusChange.Of(FleetKinds.ClusterTemplates, template, wanted, [], OwnsNoConditions, request.Ownership));
        }
        return ChartCheck.Next(template.Spec.Helm, found, "InvalidClusterTemplate");
    }

    private async Task<CheckedChart> CheckAsync(ClusterTemplate template, CancellationToken ct) =>
        template.Spec.Helm.ChartSource is not null
            ? new(new() { Error = ".spec.helm.chartSource is not supported for ClusterTemplates" })
            : await check.OfAsync(
                template.Spec.Helm,
                template.Metadata.Namespace ?? "",
                TemplateSchemas.NameFor("ClusterTemplate", template.Metadata.Name ?? ""),
                chart => ClusterTemplateCheck.Of(template.Spec, chart).Errors,
                ct);
}
