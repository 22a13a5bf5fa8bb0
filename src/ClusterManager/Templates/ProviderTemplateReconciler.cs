using Fleet.Contracts;
using Fleet.Contracts.Conditions;
using Fleet.Contracts.Templates;
using Fleet.Control.Kinds;
using Fleet.Control.Reconciling;
using Fleet.Control.Status;
using Fleet.Control.Templates;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Resources;

namespace Fleet.ClusterManager.Templates;

/// <summary>Checks the chart of a ProviderTemplate and shows in its status which providers and contracts it brings.</summary>
internal sealed class ProviderTemplateReconciler(IKubernetesClient client, ChartCheck check, IStatusWriter status) : IReconciler
{
    private static readonly HashSet<ConditionType> OwnsNoConditions = [];

    public async Task<Outcome> ReconcileAsync(ReconcileRequest request, CancellationToken ct)
    {
        var template = await client.Resource(FleetKinds.ProviderTemplates).GetAsync(request.Key, ct);
        if (template is null || template.Metadata.IsBeingDeleted)
            return Outcome.Done;
        var found = await CheckAsync(template, ct);
        if (!found.Keeps(template.Status, template.Metadata.Generation))
        {
            await check.PublishAsync(
                FleetKinds.ProviderTemplates.Kind, template.Metadata, template.Status?.SchemaConfigMapName is not null, found, request.Ownership, ct);
            var wanted = ProviderTemplateStatusFrom.Findings(template, found.Findings);
            await status.WriteAsync(StatusChange.Of(FleetKinds.ProviderTemplates, template, wanted, [], OwnsNoConditions, request.Ownership));
        }
        return template.Spec.Helm is { } helm ? ChartCheck.Next(helm, found, "InvalidProviderTemplate") : Outcome.Done;
    }

    private async Task<CheckedChart> CheckAsync(CustomResource<ProviderTemplateSpec, ProviderTemplateStatus> template, CancellationToken ct)
    {
        if (template.Spec.Helm is { ChartSource: not null })
            return new(new() { Error = ".spec.helm.chartSource is not supported for ProviderTemplates" });
        if (template.Spec.Helm is { } helm)
            return await check.OfAsync(
                helm, FleetApi.SystemNamespace, TemplateSchemas.NameFor("ProviderTemplate", template.Metadata.Name ?? ""),
                chart => ProviderTemplateCheck.Of(template.Spec, chart).Errors, ct);
        // Without a chart it only states what somebody has installed by other means.
        var errors = ProviderTemplateCheck.Of(template.Spec, null).Errors;
        return new(new() { Error = errors.Count > 0 ? string.Join("; ", errors) : null });
    }
}
