namespace Fleet.ControlPlane.Machinery;

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
