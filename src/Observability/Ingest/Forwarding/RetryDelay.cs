using Fleet.Control.Queueing;

namespace Fleet.Observability.Ingest.Forwarding;

/// <summary>How long to wait before the next attempt: twice as long each time, by chance half of it, and never less than the receiver asked for.</summary>
internal static class RetryDelay
{
    public static TimeSpan Of(int failures, TimeSpan first, TimeSpan longest, TimeSpan? asked, IJitterSource jitter)
    {
        var doubled = first * Math.Pow(2, Math.Min(failures, 20));
        var backoff = (doubled < longest ? doubled : longest) * (0.5 + (jitter.Next() / 2));
        return asked is { } wanted && wanted > backoff ? wanted : backoff;
    }
}
