namespace Fleet.Observability.Alerts.Delivery;

/// <summary>What became of one attempt. The message is shown to users: no secrets, no bodies.</summary>
internal sealed record DeliveryOutcome(DeliveryVerdict Verdict, int? Code, string Message, TimeSpan? RetryAfter = null)
{
    public static DeliveryOutcome Delivered(int code) => new(DeliveryVerdict.Delivered, code, "");

    public static DeliveryOutcome Failed(string message, int? code = null, TimeSpan? retryAfter = null) => new(DeliveryVerdict.Failed, code, message, retryAfter);

    public static DeliveryOutcome Refused(string message, int? code = null) => new(DeliveryVerdict.Refused, code, message);
}

internal enum DeliveryVerdict
{
    Delivered,

    /// <summary>May succeed later.</summary>
    Failed,

    /// <summary>The same can not succeed later.</summary>
    Refused,
}
