using System.Threading.RateLimiting;
using Fleet.Rest.Problems;
using Fleet.Control.Access;

namespace Fleet.Rest.Requests;

/// <summary>Token buckets: one an address before anybody is known, one a caller afterwards. What is over is answered 429 at once, never queued.</summary>
public sealed class CallLimits(AdminApiOptions options) : IDisposable
{
    private readonly PartitionedRateLimiter<string> addresses = Buckets(options.AddressBurst, options.AddressBurst);
    private readonly PartitionedRateLimiter<string> callers = Buckets(options.Burst, options.RequestsPerSecond);

    private int streams;

    public void AdmitAddress(string address) => Admit(addresses, address);

    public void AdmitCaller(Caller caller) => Admit(callers, caller.Name);

    /// <summary>A place for a stream of changes; dispose it when the stream ends.</summary>
    public IDisposable AdmitStream()
    {
        if (Interlocked.Increment(ref streams) <= options.MostStreams)
            return new StreamPlace(this);
        Interlocked.Decrement(ref streams);
        throw new ProblemException(ProblemKind.TooManyRequests, $"{options.MostStreams} streams are open already") { RetryAfter = 30 };
    }

    public void Dispose()
    {
        addresses.Dispose();
        callers.Dispose();
    }

    private static void Admit(PartitionedRateLimiter<string> limiter, string who)
    {
        using var lease = limiter.AttemptAcquire(who);
        if (!lease.IsAcquired)
            throw new ProblemException(ProblemKind.TooManyRequests, "too many calls; slow down") { RetryAfter = 1 };
    }

    private static PartitionedRateLimiter<string> Buckets(int burst, int perSecond) => PartitionedRateLimiter.Create<string, string>(who =>
        RateLimitPartition.GetTokenBucketLimiter(who, _ => new TokenBucketRateLimiterOptions
        {
            TokenLimit = burst,
            TokensPerPeriod = perSecond,
            ReplenishmentPeriod = TimeSpan.FromSeconds(1),
            QueueLimit = 0,
        }));

    private sealed class StreamPlace(CallLimits owner) : IDisposable
    {
        private int released;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref released, 1) == 0)
                Interlocked.Decrement(ref owner.streams);
        }
    }
}
