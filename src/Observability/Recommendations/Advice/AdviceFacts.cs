using Fleet.Observability.Clusters;
using Fleet.Observability.Recommendations.Surveys;
using Fleet.Observability.Recommendations.Usage;

namespace Fleet.Observability.Recommendations.Advice;

/// <summary>All that advice about a cluster rests on.</summary>
internal sealed record AdviceFacts
{
    /// <summary>NAMESPACE/NAME.</summary>
    public required string Cluster { get; init; }

    public required ClusterSnapshot Seen { get; init; }

    public required ClusterSurvey Survey { get; init; }

    public required UsageBook Usage { get; init; }

    /// <summary>Bytes per second of each workload; null where nothing is measured.</summary>
    public IReadOnlyDictionary<Workload, double>? Traffic { get; init; }

    public required RequestPrices Prices { get; init; }

    public required DateTimeOffset Now { get; init; }

    public required RecommendationOptions Options { get; init; }

    /// <summary>Pods of each controller that are there.</summary>
    public ILookup<Workload, SurveyPod> Workloads => field ??= Survey.Pods.Where(pod => pod.Workload.Name.Length > 0).ToLookup(pod => pod.Workload);
}
