namespace Fleet.Observability.Recommendations.Applying;

/// <summary>By what way of the fleet a recommendation can be followed at all; whether it can in one case is proven when somebody asks.</summary>
internal static class ApplyWays
{
    /// <summary>The values of the service that it is about.</summary>
    public const string Values = "values";

    /// <summary>The config of the ClusterDeployment.</summary>
    public const string Cluster = "cluster";

    /// <summary>By people only.</summary>
    public const string Manual = "manual";

    public static string Of(string kind, string objectKind) => kind switch
    {
        RecommendationKinds.Rightsizing when objectKind is "Deployment" or "StatefulSet" or "DaemonSet" or "CronJob" => Values,
        RecommendationKinds.AbandonedWorkload when objectKind is "Deployment" or "StatefulSet" => Values,
        RecommendationKinds.MinReplicas when objectKind is "HorizontalPodAutoscaler" => Values,
        RecommendationKinds.UnderusedNode => Cluster,
        _ => Manual,
    };

    /// <summary>Why people must do it.</summary>
    public static string ManualReason(string kind, string objectKind) => kind switch
    {
        RecommendationKinds.NightScaleDown when objectKind == "ClusterDeployment" => "a night needs a schedule, and nothing in the fleet has one: fewer machines for good would be too few by day",
        RecommendationKinds.NightScaleDown => "a night needs a schedule, and values of a service have one number for the whole day: fewer pods for good would be too few by day. Where the cluster has KEDA, a ScaledObject does it",
        RecommendationKinds.Rightsizing => $"the requests of a {objectKind} are set where it is made",
        RecommendationKinds.AbandonedWorkload => $"the pods of a {objectKind} are set where it is made",
        _ => "what is to be deleted is for people to decide",
    };
}
