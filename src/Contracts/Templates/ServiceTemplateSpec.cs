using System.ComponentModel;
using System.Text.Json.Serialization;
using Fleet.Contracts.Schema;
using Fleet.Contracts.Services;

namespace Fleet.Contracts.Templates;

[Kind("ServiceTemplate", "servicetemplates", ShortNames = ["svctmpl"], Status = typeof(ServiceTemplateStatus))]
[PrinterColumn(0, "valid", "boolean", ".status.valid", Description = "Whether the template can be used")]
[PrinterColumn(1, "validationError", "string", ".status.validationError", Description = "Why it can not be used", Priority = 1)]
[PrinterColumn(2, "description", "string", ".status.description", Description = "What the template says about itself", Priority = 1)]
[Immutable("Spec is immutable")]
[ExactlyOneOf("helm", "kustomize", "resources",
    None = "One of Helm, Kustomize, or Resources must be specified.", Several = "Helm, Kustomize and Resources are mutually exclusive.")]
[Description("A service that can be installed in clusters: a chart, a kustomization or plain manifests.")]
public sealed record ServiceTemplateSpec
{
    [Description("The chart.")]
    public HelmSpec? Helm { get; set; }

    [Description("The kustomization.")]
    public SourceSpec? Kustomize { get; set; }

    [Description("Plain manifests.")]
    public SourceSpec? Resources { get; set; }

    [Description("Options for Helm.")]
    public ServiceHelmOptions? HelmOptions { get; set; }

    [Description("Version of the service; absent means the chart's.")]
    public string? Version { get; set; }

    [JsonPropertyName("k8sConstraint"), Description("Versions of Kubernetes that the service runs on, as a semver range.")]
    public string? K8sConstraint { get; set; }

    [Description("Name for people.")]
    public string? DisplayName { get; set; }

    [Description("What the template is for.")]
    public string? Description { get; set; }
}
