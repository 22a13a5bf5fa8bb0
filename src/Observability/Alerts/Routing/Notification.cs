namespace Fleet.Observability.Alerts.Routing;

/// <summary>What a receiver is told: complete, so that it can be sent later whatever has become of the alerts.</summary>
internal sealed record Notification
{
    /// <summary>The same for the same notification, also when it is sent again.</summary>
    public required string Id { get; init; }

    public required string GroupKey { get; init; }

    public required string Namespace { get; init; }

    public required string Receiver { get; init; }

    public required IReadOnlyDictionary<string, string> GroupLabels { get; init; }

    public required DateTimeOffset At { get; init; }

    public required IReadOnlyList<NotifiedAlert> Alerts { get; init; }

    /// <summary>Alerts that are left out because there are too many.</summary>
    public int Truncated { get; init; }

    public bool IsFiring => Alerts.Any(alert => alert.IsFiring);
}

internal sealed record NotifiedAlert(
    string Id, string Namespace, string Rule, IReadOnlyDictionary<string, string> Labels, IReadOnlyDictionary<string, string> Annotations,
    DateTimeOffset StartsAt, DateTimeOffset? EndsAt, double Value, string Incident)
{
    public bool IsFiring => EndsAt is null;
}
