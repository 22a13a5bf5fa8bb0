namespace Fleet.ControlPlane.Machinery;

/// <summary>How a cluster's API server shall misbehave towards clients; code in this process is not affected.</summary>
/// <param name="Mode">Whether requests are answered at all.</param>
/// <param name="Latency">How much later answers come.</param>
public sealed record ApiFault(ApiFaultMode Mode, TimeSpan Latency)
{
    /// <summary>What is wrong with its metrics and its clock; null: nothing.</summary>
    public MetricsFault? Metrics { get; init; }
}

/// <summary>How a cluster's metrics.k8s.io and kubelets shall misbehave.</summary>
public sealed record MetricsFault
{
    public MetricsFaultMode Mode { get; init; }

    /// <summary>How much later figures come.</summary>
    public TimeSpan Latency { get; init; }

    /// <summary>By how much the cluster's clock is fast, or slow when negative: in times of figures and in the Date of answers.</summary>
    public TimeSpan ClockSkew { get; init; }

    /// <summary>Counters begin anew at each multiple of this time; null: only with their container.</summary>
    public TimeSpan? ResetEvery { get; init; }
}

/// <summary>Whether metrics are answered.</summary>
public enum MetricsFaultMode
{
    /// <summary>They are.</summary>
    None,

    /// <summary>There is no metrics-server: the group metrics.k8s.io is not served. Kubelets answer.</summary>
    Off,

    /// <summary>metrics.k8s.io and kubelets answer 500.</summary>
    Error,

    /// <summary>What comes is cut off and broken.</summary>
    Malformed,
}

/// <summary>Whether requests are answered.</summary>
public enum ApiFaultMode
{
    /// <summary>They are.</summary>
    None,

    /// <summary>Connections break.</summary>
    Unreachable,

    /// <summary>No answer comes before the client gives up.</summary>
    Hanging,
}
