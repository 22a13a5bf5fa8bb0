using Fleet.Contracts.Conditions;

namespace Fleet.Contracts.Services;

/// <summary>Conditions of MultiClusterService; types are upstream's, all are good when True.</summary>
public static class MultiClusterServiceConditions
{
    /// <summary>Every ServiceTemplate that is named is there and valid, for every cluster.</summary>
    public static ConditionType ServicesReferencesValidation { get; } = new("ServicesReferencesValidation");

    /// <summary>The services' dependencies on each other make sense.</summary>
    public static ConditionType ServicesDependencyValidation { get; } = new("ServicesDependencyValidation");

    /// <summary>What the object depends on is there, and does not depend on it.</summary>
    public static ConditionType DependencyValidation { get; } = new("MultiClusterServiceDependencyValidation");

    /// <summary>What the object depends on is deployed, on every cluster.</summary>
    public static ConditionType DependencyReady { get; } = new("MultiClusterServiceDependencyReady");

    /// <summary>Every cluster has all services; the message is "x/y".</summary>
    public static ConditionType ClusterInReadyState { get; } = new("ClusterInReadyState");

    public static Reason DependencyNotReady { get; } = new("MultiClusterServiceDependencyNotReady");
}
