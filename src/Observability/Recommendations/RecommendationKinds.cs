namespace Fleet.Observability.Recommendations;

/// <summary>What may be recommended.</summary>
internal static class RecommendationKinds
{
    /// <summary>Other requests of a container.</summary>
    public const string Rightsizing = "rightsizing";

    /// <summary>A workload that does nothing.</summary>
    public const string AbandonedWorkload = "abandonedWorkload";

    /// <summary>A namespace in which every workload does nothing.</summary>
    public const string IdleNamespace = "idleNamespace";

    /// <summary>A disk that nobody mounts.</summary>
    public const string UnmountedVolume = "unmountedVolume";

    /// <summary>A load balancer with nothing behind it.</summary>
    public const string IdleLoadBalancer = "idleLoadBalancer";

    /// <summary>A node whose pods have room elsewhere.</summary>
    public const string UnderusedNode = "underusedNode";

    /// <summary>Fewer pods by night.</summary>
    public const string NightScaleDown = "nightScaleDown";

    /// <summary>A smaller least number of pods of an autoscaler.</summary>
    public const string MinReplicas = "minReplicas";

    public static IReadOnlyList<string> All { get; } = [Rightsizing, AbandonedWorkload, IdleNamespace, UnmountedVolume, IdleLoadBalancer, UnderusedNode, NightScaleDown, MinReplicas];
}
