namespace Fleet.Observability.Alerts.Storage;

/// <summary>How a receiver does.</summary>
/// <param name="Failed">Notifications that wait after a failure.</param>
/// <param name="Dead">Notifications that were given up lately.</param>
internal sealed record ReceiverRecord(DateTimeOffset? LastDelivery, int Failed, int Dead, DateTimeOffset? LastDead, string? LastError)
{
    public static ReceiverRecord None { get; } = new(null, 0, 0, null, null);
}
