using Fleet.Kubernetes.Objects;

namespace Fleet.Kubernetes.Core;

/// <summary>events.k8s.io/v1 Event.</summary>
public sealed class Event : KubernetesObject
{
    public DateTimeOffset? EventTime { get; set; }
    public EventSeries? Series { get; set; }
    public string? ReportingController { get; set; }
    public string? ReportingInstance { get; set; }
    public string? Action { get; set; }
    public string? Reason { get; set; }
    public ObjectReference? Regarding { get; set; }
    public ObjectReference? Related { get; set; }
    public string? Note { get; set; }

    /// <summary><c>Normal</c> or <c>Warning</c>.</summary>
    public string? Type { get; set; }
}

public sealed class EventSeries
{
    public int Count { get; set; }
    public DateTimeOffset? LastObservedTime { get; set; }
}
