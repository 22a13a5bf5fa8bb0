using Fleet.StateManager.Health.Custom;

namespace Fleet.StateManager.ServiceSets;

internal enum TargetState
{
    /// <summary>Connected, and what is in it is known.</summary>
    Reachable,
    /// <summary>It has no kubeconfig yet.</summary>
    NotYet,
    /// <summary>It should answer but does not.</summary>
    Unreachable,
    /// <summary>Another management cluster looks after it since a restore: nothing is done to it from here.</summary>
    Fenced,
    /// <summary>Its ClusterDeployment, its CAPI Cluster and its kubeconfig are all gone: nothing can be or need be removed from it.</summary>
    Gone,
}

/// <summary>The cluster that a ServiceSet is for. The uid is that of its kube-system namespace: a cluster made anew has another.</summary>
internal sealed record TargetCluster(TargetState State, string Message, string Uid = "")
{
    /// <summary>The custom health rules of its namespace.</summary>
    public HealthRuleSet Rules { get; init; } = HealthRuleSet.Empty;
}
