namespace Fleet.Observability.Hours;

/// <summary>What was seen of one cluster within one hour, which begins on the full hour in UTC.</summary>
internal sealed class ClusterHour(DateTimeOffset hour)
{
    public DateTimeOffset Hour { get; } = hour;

    public Dictionary<ContainerKey, ContainerHour> Containers { get; } = [];

    /// <summary>By uid, as the others.</summary>
    public Dictionary<string, NodeHour> Nodes { get; } = [];

    public Dictionary<string, VolumeHour> Volumes { get; } = [];

    public Dictionary<string, BalancerHour> Balancers { get; } = [];

    /// <summary>How much of the hour was looked at.</summary>
    public double SeenSeconds { get; set; }

    /// <summary>How much of <see cref="SeenSeconds"/> nobody looked while it passed: what runs since then was told afterwards, by its own times.</summary>
    public double InferredSeconds { get; set; }
}
