namespace Fleet.Observability.Collection;

/// <summary>What a counter counts.</summary>
internal enum CountedAmount
{
    CpuSeconds,
    BytesReceived,
    BytesSent,
}

/// <summary>One counter of the fleet. By uids: names of clusters and pods are used again.</summary>
/// <param name="Cluster">Uid of the cluster.</param>
/// <param name="Object">Uid of the node or pod.</param>
/// <param name="Container">Name of the container; "" for the node or pod itself.</param>
/// <param name="Amount">What it counts.</param>
internal readonly record struct SeriesKey(string Cluster, string Object, string Container, CountedAmount Amount);

/// <summary>A counter as it stood.</summary>
/// <param name="Value">Counted since <paramref name="Started"/>.</param>
/// <param name="Time">When it was read, by the clock that also tells the others of its cluster.</param>
/// <param name="Started">When it began to count; null: not known.</param>
internal readonly record struct CounterReading(double Value, DateTimeOffset Time, DateTimeOffset? Started = null);
