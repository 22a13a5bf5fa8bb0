using Fleet.Kubernetes.Objects;
using Fleet.Observability.Alerts.Routing;

namespace Fleet.Observability.Alerts.Storage;

/// <summary>A notification that is to be told now.</summary>
/// <param name="Attempt">Counted from 1.</param>
internal sealed record OutboxItem(long Sequence, ObjectKey Receiver, Notification Notification, DateTimeOffset Created, int Attempt);
