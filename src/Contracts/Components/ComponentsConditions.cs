using Fleet.Contracts.Conditions;

namespace Fleet.Contracts.Components;

/// <summary>Conditions of Management and Region beside Ready, and the reasons of their Ready; the names are upstream's.</summary>
public static class ComponentsConditions
{
    /// <summary>The credentials of the registry are where the components look for them. Good when True.</summary>
    public static ConditionType RegistryCredentialSecretReady { get; } = new("RegistryCredentialSecretReady");

    /// <summary>Of Management, and ours: the backups that an upgrade waits for are complete. Present while an upgrade has any; good when True.</summary>
    public static ConditionType UpgradeBackupCompleted { get; } = new("UpgradeBackupCompleted");

    // Reasons of Ready.
    public static Reason AllComponentsHealthy { get; } = new("AllComponentsHealthy");

    public static Reason NotAllComponentsHealthy { get; } = new("NotAllComponentsHealthy");

    public static Reason ReleaseIsNotFound { get; } = new("ReleaseIsNotFound");

    public static Reason ReleaseIsNotReady { get; } = new("ReleaseIsNotReady");

    public static Reason ReleaseIsNotObserved { get; } = new("ReleaseIsNotObserved");

    public static Reason HasIncompatibleContracts { get; } = new("HasIncompatibleContracts");

    /// <summary>Of Region only: neither its kubeconfig nor its ClusterDeployment leads to a cluster.</summary>
    public static Reason ConfigurationError { get; } = new("ConfigurationError");
}
