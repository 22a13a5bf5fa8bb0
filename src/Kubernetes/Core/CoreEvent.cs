using Fleet.Kubernetes.Objects;

namespace Fleet.Kubernetes.Core;

/// <summary>v1 Event, the older of the two kinds of events; both show the same objects.</summary>
public sealed class CoreEvent : KubernetesObject
{
    public ObjectReference InvolvedObject { get; set; } = new();
    public string? Type { get; set; }
    public string? Reason { get; set; }
    public string? Message { get; set; }
    public int? Count { get; set; }
    public DateTimeOffset? FirstTimestamp { get; set; }
    public DateTimeOffset? LastTimestamp { get; set; }
    public DateTimeOffset? EventTime { get; set; }
    public EventSource? Source { get; set; }
    public string? ReportingComponent { get; set; }
    public string? ReportingInstance { get; set; }
}

public sealed class EventSource
{
    public string? Component { get; set; }
    public string? Host { get; set; }
}
