using Fleet.Observability.Alerts.Routing;
using Fleet.Observability.Alerts.States;

namespace Fleet.Observability.Alerts.Storage;

/// <summary>What one turn changes, written at once.</summary>
internal sealed record AlertChanges(IReadOnlyList<AlertInstance> Alerts, IReadOnlyList<string> Forgotten, NotificationPlan Notifications)
{
    public bool IsEmpty => Alerts.Count == 0 && Forgotten.Count == 0 && Notifications.IsEmpty;
}
