using Fleet.Contracts.Templates;
using Fleet.Control.Templates;
using Fleet.Kubernetes.Objects;

namespace Fleet.ClusterManager.Templates;

/// <summary>Status of a ProviderTemplate from what was found. Pure.</summary>
internal static class ProviderTemplateStatusFrom
{
    /// <summary>What is known of the chart stays while it can not be had.</summary>
    public static ProviderTemplateStatus Findings(CustomResource<ProviderTemplateSpec, ProviderTemplateStatus> template, TemplateFindings findings)
    {
        var seen = template.Status;
        var status = new ProviderTemplateStatus
        {
            Config = seen?.Config?.DeepClone(),
            ChartVersion = seen?.ChartVersion,
            Description = seen?.Description,
            SchemaConfigMapName = seen?.SchemaConfigMapName,
            ChartRef = template.Spec.Helm?.ChartRef,
            Providers = seen?.Providers,
            CapiContracts = seen?.CapiContracts,
        };
        findings.FillIn(status, template.Metadata.Generation);
        if (findings.Chart is null && template.Spec.Helm is not null)
            return status;
        var offer = ProviderTemplateCheck.Of(template.Spec, findings.Chart?.Content.Metadata);
        status.Providers = offer.Providers.Count > 0 ? [.. offer.Providers] : null;
        status.CapiContracts = offer.Contracts.Count > 0 ? new(offer.Contracts) : null;
        return status;
    }
}
