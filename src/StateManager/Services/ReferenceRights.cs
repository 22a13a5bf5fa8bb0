using Fleet.Control.Kinds;
using Fleet.Control.Placement;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Resources;

namespace Fleet.StateManager.Services;

/// <summary>
/// Which objects of the management cluster the services of a cluster may take values and manifests from. Fleet reads them with its own rights, so whoever
/// may write a ClusterDeployment must not reach with them what is in other namespaces, where other teams and all credentials are.
/// </summary>
internal sealed class ReferenceRights(IKubernetesClient management)
{
    /// <summary>
    /// Null when it may be read: an object of the cluster's own namespace, one without a namespace, the identity of its Credential with what belongs to it,
    /// and anything for a MultiClusterService, which only administrators write.
    /// </summary>
    public async Task<string?> ProblemAsync(ServiceSet set, ObjectKey cluster, string kind, ObjectKey wanted, CancellationToken ct)
    {
        if (wanted.Namespace == cluster.Namespace || wanted.Namespace.Length == 0 || IsOfAdministrators(set) || await IsIdentityAsync(cluster, wanted, ct))
            return null;
        return $"{kind} {wanted} is in another namespace: services of cluster {cluster} may read objects of {cluster.Namespace} and the identity of their Credential";
    }

    private static bool IsOfAdministrators(ServiceSet set) =>
        set.Metadata.OwnerReferences?.Exists(owner => owner.Kind == FleetKinds.MultiClusterServices.Kind.Kind && owner.Name == set.Spec.MultiClusterService) == true;

    private async Task<bool> IsIdentityAsync(ObjectKey cluster, ObjectKey wanted, CancellationToken ct)
    {
        if (await management.Resource(FleetKinds.ClusterDeployments).GetAsync(cluster, ct) is not { Spec.Credential: { Length: > 0 } name }
            || await management.Resource(FleetKinds.Credentials).GetAsync(cluster with { Name = name }, ct) is not { Spec.IdentityRef: { } identity })
            return false;
        var own = ClusterIdentity.Of(identity, cluster.Namespace);
        return wanted == own.Identity || wanted == own.Secret || wanted == own.Template;
    }
}
