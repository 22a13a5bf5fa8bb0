using Fleet.Contracts.Conditions;

namespace Fleet.Contracts.Regions;

/// <summary>Conditions of Region beside Ready, Paused and Deleting; reasons of its Ready are in <see cref="Components.ComponentsConditions"/>.</summary>
public static class RegionConditions
{
    /// <summary>The API server of the regional cluster answers to the kubeconfig. Good when True. Ours: upstream has no such condition.</summary>
    public static ConditionType ClusterReachable { get; } = new("ClusterReachable");

    /// <summary>Behind the kubeconfig is another cluster than the one that clusters were made in. Ours.</summary>
    public static Reason ClusterReplaced { get; } = new("ClusterReplaced");

    /// <summary>Of ClusterReachable and Ready: nobody answers. Ours.</summary>
    public static Reason ProbeFailed { get; } = new("ProbeFailed");

    /// <summary>Of Deleting: Credentials or ClusterDeployments are still in the region. Ours.</summary>
    public static Reason InUse { get; } = new("InUse");

    /// <summary>Of Deleting: components are being removed. Ours.</summary>
    public static Reason WaitingForComponentsRemoval { get; } = new("WaitingForComponentsRemoval");
}
