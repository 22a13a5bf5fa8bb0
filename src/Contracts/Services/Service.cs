using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace Fleet.Contracts.Services;

public sealed record Service
{
    [Required, StringLength(253, MinimumLength = 1), Description("Name of the service; the Helm release is named after it.")]
    public string Name { get; set; } = "";

    [DefaultValue("default"), Description("Namespace in the managed cluster.")]
    public string? Namespace { get; set; }

    [Required, StringLength(253, MinimumLength = 1), Description("Name of a ServiceTemplate.")]
    public string Template { get; set; } = "";

    [Description("Name of the ServiceTemplateChain along which the service is upgraded.")]
    public string? TemplateChain { get; set; }

    [Description("Version of the template.")]
    public string? Version { get; set; }

    [Description("Helm values as YAML; a Go template over the cluster's objects.")]
    public string? Values { get; set; }

    [Description("ConfigMaps and Secrets with further values.")]
    public List<ValuesSource>? ValuesFrom { get; set; }

    [Description("Services that must be deployed before this one.")]
    public List<ServiceDependency>? DependsOn { get; set; }

    [Description("Do not install the service.")]
    public bool? Disable { get; set; }

    [AllowedValues("Install", "Uninstall"), Description("Install or uninstall the chart.")]
    public string? HelmAction { get; set; }

    [Description("Options for Helm, over the template's.")]
    public ServiceHelmOptions? HelmOptions { get; set; }
}

public sealed record ValuesSource
{
    [Required, AllowedValues("ConfigMap", "Secret"), Description("Kind of the source.")]
    public string Kind { get; set; } = "";

    [Required, StringLength(253, MinimumLength = 1), Description("Name of the source.")]
    public string Name { get; set; } = "";
}

public sealed record ServiceDependency
{
    [Required, Description("Name of the service.")]
    public string Name { get; set; } = "";

    [Description("Namespace of the service.")]
    public string? Namespace { get; set; }
}
