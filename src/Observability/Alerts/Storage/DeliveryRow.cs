namespace Fleet.Observability.Alerts.Storage;

/// <summary>One attempt to tell a receiver something. Holds no secret and no body.</summary>
internal sealed record DeliveryRow
{
    public long Id { get; init; }

    public required string Namespace { get; init; }

    public required string Receiver { get; init; }

    /// <summary>Id of what was told; the same for every attempt.</summary>
    public required string Notification { get; init; }

    public required string Title { get; init; }

    public required int Alerts { get; init; }

    public required DateTimeOffset At { get; init; }

    /// <summary>delivered, failed (it is tried again), dead (it was given up) or test.</summary>
    public required string Outcome { get; init; }

    public required int Attempt { get; init; }

    /// <summary>Of HTTP or SMTP.</summary>
    public int? Code { get; init; }

    public required int Milliseconds { get; init; }

    public required string Message { get; init; }
}
