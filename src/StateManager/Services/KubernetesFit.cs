using Fleet.Control.Kinds;
using Fleet.Control.Templates;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Resources;
using Fleet.StateManager.ServiceSets;

namespace Fleet.StateManager.Services;

/// <summary>Whether a service runs on the version of Kubernetes that its cluster has. Only services whose template names versions cost a read.</summary>
internal sealed class KubernetesFit(IKubernetesClient management)
{
    /// <summary>Null when it does, or nobody knows the version.</summary>
    public async Task<ServiceSource.Blocked?> OfAsync(ObjectKey cluster, ObjectKey template, string constraint, CancellationToken ct)
    {
        if (await management.Resource(FleetKinds.ClusterDeployments).GetAsync(cluster, ct) is not { } deployment)
            return null;
        var problem = KubernetesCompatibility.Problem(
            deployment.Status?.EffectiveTemplate ?? $"{cluster.Namespace}/{deployment.Spec.Template}", deployment.Status?.K8sVersion, [(template.ToString(), constraint)]);
        return problem is null ? null : new(problem, false) { IsIncompatible = true };
    }
}
