using Fleet.Contracts.Conditions;

namespace Fleet.Contracts.Services;

/// <summary>Conditions of ServiceSet; types are upstream's, all are good when True.</summary>
public static class ServiceSetConditions
{
    /// <summary>What is to be installed could be worked out.</summary>
    public static ConditionType Profile { get; } = new("ServiceSetProfile");

    /// <summary>The state of the services could be read from the cluster.</summary>
    public static ConditionType StatusesCollected { get; } = new("ServiceSetStatusesCollected");

    /// <summary>Every service is Deployed; the message is "x/y".</summary>
    public static ConditionType ServicesInReadyState { get; } = new("ServicesInReadyState");

    /// <summary>Every custom health rule that counts for the set could be read; one that could not is left out.</summary>
    public static ConditionType HealthRules { get; } = new("ServiceSetHealthRules");

    /// <summary>Reason of ServiceSetStatusesCollected: another management cluster looks after the cluster since a restore.</summary>
    public static Reason Fenced { get; } = new("Fenced");

    // Reasons of ServiceSetHealthRules.
    public static Reason AllRulesValid { get; } = new("AllRulesValid");

    public static Reason HealthRuleInvalid { get; } = new("HealthRuleInvalid");

    // Reasons of ServiceSetProfile.
    public static Reason ProfileReady { get; } = new("ServiceSetProfileReady");

    public static Reason ProfileNotReady { get; } = new("ServiceSetProfileNotReady");

    public static Reason ProfileBuildFailed { get; } = new("ServiceSetProfileBuildFailed");

    public static Reason HelmChartsBuildFailed { get; } = new("ServiceSetHelmChartsBuildFailed");

    public static Reason KustomizationRefsBuildFailed { get; } = new("ServiceSetKustomizationRefsBuildFailed");

    public static Reason PolicyRefsBuildFailed { get; } = new("ServiceSetPolicyRefsBuildFailed");
}
