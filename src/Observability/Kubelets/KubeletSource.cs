namespace Fleet.Observability.Kubelets;

/// <summary>What kubelets are asked for, behind the node proxy of their API server.</summary>
public enum KubeletSource
{
    None,

    /// <summary><c>/stats/summary</c>: usage, traffic and volumes in one answer.</summary>
    Summary,

    /// <summary><c>/metrics/resource</c> for usage and <c>/metrics/cadvisor</c> for traffic. Volumes are not told.</summary>
    Metrics,
}

/// <summary>How a ClusterDeployment says it.</summary>
internal static class KubeletSources
{
    /// <summary>On a ClusterDeployment: <c>summary</c>, <c>metrics</c> or <c>none</c>. Without it the option of the collection counts.</summary>
    public const string Annotation = "fleet/kubelets";

    public static KubeletSource Of(IReadOnlyDictionary<string, string>? annotations, KubeletSource otherwise) => annotations?.GetValueOrDefault(Annotation) switch
    {
        "summary" => KubeletSource.Summary,
        "metrics" => KubeletSource.Metrics,
        "none" => KubeletSource.None,
        _ => otherwise,
    };
}
