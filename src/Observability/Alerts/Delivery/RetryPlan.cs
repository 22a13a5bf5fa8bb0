using Fleet.Observability.Alerts.Storage;

namespace Fleet.Observability.Alerts.Delivery;

/// <summary>When a notification that could not be delivered is tried again, or that it is given up. Pure.</summary>
internal static class RetryPlan
{
    /// <summary>A receiver may ask for a pause, not for silence for ever.</summary>
    private static readonly TimeSpan LongestAsked = TimeSpan.FromHours(1);

    /// <param name="chance">From 0 to 1: spreads the attempts of many.</param>
    /// <returns>Null: it is given up.</returns>
    public static DateTimeOffset? Next(OutboxItem item, DeliveryOutcome outcome, AlertOptions options, double chance, DateTimeOffset now)
    {
        if (outcome.Verdict == DeliveryVerdict.Refused)
            return null;
        var doubled = options.FirstRetry * Math.Pow(2, Math.Min(item.Attempt - 1, 20));
        var backoff = (doubled < options.LongestRetry ? doubled : options.LongestRetry) * (0.5 + chance / 2);
        var asked = outcome.RetryAfter is { } wanted ? (wanted < LongestAsked ? wanted : LongestAsked) : TimeSpan.Zero;
        var next = now + (asked > backoff ? asked : backoff);
        return next - item.Created < options.GiveUpAfter ? next : null;
    }
}
