using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Fleet.Contracts.Components;
using Fleet.Contracts.Schema;

namespace Fleet.Contracts.Regions;

[Kind("Region", "regions", Namespaced = false, ShortNames = ["rgn"], Status = typeof(RegionStatus))]
[PrinterColumn(0, "Ready", "string", ".status.conditions[?(@.type=='Ready')].status", Description = "Whether all components are healthy")]
[PrinterColumn(1, "Age", "date", ".metadata.creationTimestamp", Description = "Time since the object was created")]
[ExactlyOneOf("kubeConfig", "clusterDeployment",
    None = "exactly one of kubeConfig or clusterDeployment must be set", Several = "exactly one of kubeConfig or clusterDeployment must be set")]
[Description("A cluster that holds the Cluster API objects of other clusters, and what is installed in it.")]
public sealed record RegionSpec
{
    [Immutable("kubeConfig is immutable"), Description("Secret in the system namespace with the kubeconfig of the regional cluster.")]
    public KubeconfigSecretReference? KubeConfig { get; set; }

    [Immutable("clusterDeployment is immutable"), Description("The ClusterDeployment that is the regional cluster.")]
    public ClusterDeploymentReference? ClusterDeployment { get; set; }

    [Description("Settings of the components that are always installed.")]
    public CoreComponents? Core { get; set; }

    [Description("Providers that are enabled.")]
    public List<ProviderComponent>? Providers { get; set; }
}

public sealed record KubeconfigSecretReference
{
    [Required, Description("Name of the Secret.")]
    public string Name { get; set; } = "";

    [Description("Key of the kubeconfig; absent means value.")]
    public string? Key { get; set; }
}

public sealed record ClusterDeploymentReference
{
    [Required, Description("Namespace of the ClusterDeployment.")]
    public string Namespace { get; set; } = "";

    [Required, Description("Name of the ClusterDeployment.")]
    public string Name { get; set; } = "";
}
