using Fleet.Kubernetes.Objects;

namespace Fleet.StateManager.Drift.History;

/// <summary>A <see cref="DriftEntry"/> as a row.</summary>
internal sealed class DriftRow
{
    public required Guid Id { get; init; }
    public required DateTimeOffset Time { get; init; }
    public required string Namespace { get; init; }
    public required string Cluster { get; init; }
    public required string ServiceSet { get; init; }
    public required string ServiceNamespace { get; init; }
    public required string Service { get; init; }
    public required string ApiVersion { get; init; }
    public required string Kind { get; init; }
    public required string ObjectNamespace { get; init; }
    public required string ObjectName { get; init; }
    public required bool IsMissing { get; init; }
    public required string[] Fields { get; init; }
    public string? ChangedBy { get; init; }
    public DateTimeOffset? ChangedAt { get; init; }
    public required string Action { get; init; }
    public string? Detail { get; init; }

    public DriftEntry ToEntry() => new()
    {
        Time = Time,
        Namespace = Namespace,
        Cluster = Cluster,
        ServiceSet = ServiceSet,
        ServiceNamespace = ServiceNamespace,
        Service = Service,
        ObjectType = GroupVersionKind.Parse(ApiVersion, Kind),
        Object = new(ObjectNamespace, ObjectName),
        IsMissing = IsMissing,
        Fields = Fields,
        ChangedBy = ChangedBy,
        ChangedAt = ChangedAt,
        Action = Enum.Parse<DriftAction>(Action),
        Detail = Detail,
    };

    public static DriftRow Of(DriftEntry entry) => new()
    {
        Id = Guid.CreateVersion7(entry.Time),
        Time = entry.Time.ToUniversalTime(),
        Namespace = entry.Namespace,
        Cluster = entry.Cluster,
        ServiceSet = entry.ServiceSet,
        ServiceNamespace = entry.ServiceNamespace,
        Service = entry.Service,
        ApiVersion = entry.ObjectType.ApiVersion,
        Kind = entry.ObjectType.Kind,
        ObjectNamespace = entry.Object.Namespace,
        ObjectName = entry.Object.Name,
        IsMissing = entry.IsMissing,
        Fields = [.. entry.Fields],
        ChangedBy = entry.ChangedBy,
        ChangedAt = entry.ChangedAt?.ToUniversalTime(),
        Action = entry.Action.ToString(),
        Detail = entry.Detail,
    };
}
