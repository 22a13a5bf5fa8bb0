namespace Fleet.Observability.Alerts.Routing;

/// <summary>What changes; written at once, or not at all.</summary>
internal sealed record NotificationPlan(IReadOnlyList<GroupState> Groups, IReadOnlyList<string> Gone, IReadOnlyList<Notification> Notifications)
{
    public bool IsEmpty => Groups.Count == 0 && Gone.Count == 0;
}
