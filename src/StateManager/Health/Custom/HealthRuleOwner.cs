using Fleet.Kubernetes.Objects;

namespace Fleet.StateManager.Health.Custom;

/// <summary>For whom a ServiceSet was made: the name by which rules for one owner are found.</summary>
internal static class HealthRuleOwner
{
    /// <summary>"" when it has no such owner: then only global rules count.</summary>
    public static string Of(ObjectMeta set) =>
        (set.OwnerReferences ?? []).Find(o => o.Kind is "ClusterDeployment" or "MultiClusterService" or "NamespacedMultiClusterService")?.Name ?? "";
}
