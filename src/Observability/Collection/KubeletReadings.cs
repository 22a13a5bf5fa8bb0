namespace Fleet.Observability.Collection;

/// <summary>What a kubelet told, by uid: counters for a <see cref="CounterBook"/>, and working sets.</summary>
internal sealed record KubeletReadings
{
    public required IReadOnlyList<(SeriesKey Key, CounterReading Reading)> Counters { get; init; }

    /// <summary>By object and container, in bytes; the container is "" for the node.</summary>
    public IReadOnlyDictionary<(string Object, string Container), double> WorkingSets { get; init; } = new Dictionary<(string, string), double>();

    /// <summary>Samples of pods that are not known (any more).</summary>
    public int Unknown { get; init; }
}
