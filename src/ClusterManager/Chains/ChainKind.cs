using Fleet.Contracts;
using Fleet.Control.Kinds;
using Fleet.Kubernetes.Objects;

namespace Fleet.ClusterManager.Chains;

/// <summary>A kind of chain and the kind of templates in it.</summary>
internal sealed record ChainKind(ResourceKind Chains, ResourceKind Templates)
{
    public static ChainKind OfClusters { get; } = new(FleetKinds.ClusterTemplateChains.Kind, FleetKinds.ClusterTemplates.Kind);

    public static ChainKind OfServices { get; } = new(FleetKinds.ServiceTemplateChains.Kind, FleetKinds.ServiceTemplates.Kind);

    /// <summary>Only chains that were distributed bring their templates along; those that users write are about templates that are there.</summary>
    public static bool BringsTemplates(ObjectMeta chain, SystemNamespaces system) =>
        chain.Labels?.GetValueOrDefault(FleetLabels.Managed) == "true" && !system.Names.Contains(chain.Namespace ?? "");
}
