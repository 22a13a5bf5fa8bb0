namespace Fleet.Observability.History;

/// <summary>A Kubernetes event of the management API, kept after the API has forgotten it (there it lives about an hour).</summary>
public sealed class EventRow
{
    /// <summary>UID of the Event object: writing it twice is writing it once.</summary>
    public required Guid Uid { get; init; }
    public required string Namespace { get; init; }

    /// <summary>Kind, namespace and name of the object that it is about.</summary>
    public required string Kind { get; init; }
    public required string Name { get; init; }
    public string? ObjectUid { get; init; }

    /// <summary>Normal or Warning.</summary>
    public required string Type { get; init; }
    public required string Reason { get; init; }
    public required string Message { get; init; }
    public int Count { get; init; } = 1;
    public DateTimeOffset FirstSeen { get; init; }
    public DateTimeOffset LastSeen { get; init; }
}
