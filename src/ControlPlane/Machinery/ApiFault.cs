namespace Fleet.ControlPlane.Machinery;

/// <summary>How a cluster's API server shall misbehave towards clients; code in this process is not affected.</summary>
/// <param name="Mode">Whether requests are answered at all.</param>
/// <param name="Latency">How much later answers come.</param>
public sealed record ApiFault(ApiFaultMode Mode, TimeSpan Latency)
{
    /// <summary>What is wrong with its metrics and its clock; null: nothing.</summary>
    public MetricsFault? Metrics { get; init; }
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
