using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json.Nodes;
using Fleet.Contracts.Schema;

namespace Fleet.Contracts.Services;

/// <summary>The services of a ClusterDeployment or a MultiClusterService.</summary>
public sealed record ServiceSpec
{
    [Description("Who installs the services, and its settings.")]
    public ServiceProviderSpec? Provider { get; set; }

    [ListMap("name", "namespace"), Description("The services.")]
    public List<Service>? Services { get; set; }

    [DefaultValue("Continuous"), AllowedValues("OneTime", "Continuous", "ContinuousWithDriftDetection", "DryRun")]
    [Description("How changes are followed. Deprecated: use provider.config.")]
    public string? SyncMode { get; set; }

    [DefaultValue(100), Range(1, 2147483646), Description("Who wins when two sources want the same object: the higher number. Deprecated: use provider.config.")]
    public int? Priority { get; set; }

    [DefaultValue(false), Description("Stop at the first object that somebody else manages. Deprecated: use provider.config.")]
    public bool? StopOnConflict { get; set; }

    [DefaultValue(false), Description("Go on with the other services when one fails. Deprecated: use provider.config.")]
    public bool? ContinueOnError { get; set; }

    [Description("Restart workloads when their ConfigMaps or Secrets change. Deprecated: use provider.config.")]
    public bool? Reload { get; set; }

    [Description("Objects whose drift is left alone. Deprecated: use provider.config.")]
    public List<ObjectSelector>? DriftIgnore { get; set; }

    [Description("Fields whose drift is left alone. Deprecated: use provider.config.")]
    public List<DriftExclusion>? DriftExclusions { get; set; }

    [Description("Objects of the management cluster that values may read. Deprecated: use provider.config.")]
    public List<TemplateResourceReference>? TemplateResourceRefs { get; set; }

    [Description("Further manifests to apply. Deprecated: use provider.config.")]
    public List<PolicyReference>? PolicyRefs { get; set; }
}

public sealed record ServiceProviderSpec
{
    [ImmutableOnceSet("StateManagementProvider name is immutable once set"), Description("Name of a StateManagementProvider.")]
    public string? Name { get; set; }

    [Description("Settings of the provider. Any JSON.")]
    public JsonNode? Config { get; set; }

    [Description("Install the services in the management cluster itself.")]
    public bool? SelfManagement { get; set; }
}
