using Fleet.Contracts.Templates;
using Fleet.Control.Templates;

namespace Fleet.ClusterManager.Templates;

/// <summary>Status of a ClusterTemplate from what was found. Pure.</summary>
internal static class ClusterTemplateStatusFrom
{
    /// <summary>
    /// While the chart can not be had, what is known of it stays: that takes nothing from users that they could read yesterday.
    /// </summary>
    public static ClusterTemplateStatus Findings(ClusterTemplate template, TemplateFindings findings)
    {
        var seen = template.Status;
        var status = new ClusterTemplateStatus
        {
            Config = seen?.Config?.DeepClone(),
            ChartVersion = seen?.ChartVersion,
            Description = seen?.Description,
            SchemaConfigMapName = seen?.SchemaConfigMapName,
            ChartRef = template.Spec.Helm.ChartRef,
            Providers = seen?.Providers,
            ProviderContracts = seen?.ProviderContracts,
            K8sVersion = seen?.K8sVersion,
        };
        findings.FillIn(status, template.Metadata.Generation);
        if (findings.Chart is not { } chart)
            return status;
        var needs = ClusterTemplateCheck.Of(template.Spec, chart.Content.Metadata);
        status.Providers = needs.Providers.Count > 0 ? [.. needs.Providers] : null;
        status.ProviderContracts = needs.Contracts.Count > 0 ? new(needs.Contracts) : null;
        status.K8sVersion = needs.KubernetesVersion;
        return status;
    }
}
