namespace Fleet.Kubernetes.Watching;

/// <summary>How well an informer knows its server's present. The store keeps the last known objects whatever this says.</summary>
public sealed record InformerState
{
    internal static InformerState Initial { get; } = new();

    /// <summary>The first list has been read; stays true.</summary>
    public bool HasSynced { get; init; }

    /// <summary>A watch is open now.</summary>
    public bool IsWatching { get; init; }

    /// <summary>When the server last said anything: a list, an accepted watch, an event, a bookmark.</summary>
    public DateTimeOffset? LastContact { get; init; }

    /// <summary>The failure that has not been overcome yet; null while all is well.</summary>
    public Exception? LastError { get; init; }

    public DateTimeOffset? FailingSince { get; init; }

    /// <summary>Failures in a row.</summary>
    public int Failures { get; init; }

    /// <summary>Lists read, the first included; grows with every 410.</summary>
    public int Lists { get; init; }

    /// <summary>What the next watch resumes from.</summary>
    public string ResourceVersion { get; init; } = "";
}
