using Fleet.Control.Queueing;
using Fleet.Observability.Ingest.Queue;
using Fleet.Observability.Ingest.Stores;

namespace Fleet.Observability.Ingest.Forwarding;

/// <summary>
/// Carries a queue of finished requests to one receiver, in order, one at a time. A receiver that is away, busy or does not let us in is waited for; what it refuses is given up and counted, and what
/// it fails over as well, once it takes the next.
/// </summary>
internal sealed partial class Forwarder : BackgroundService
{
    private readonly ForwardOptions options;
    private readonly ForwardMetrics metrics;
    private readonly TimeProvider clock;
    private readonly IJitterSource jitter;
    private readonly ILogger log;
    private readonly HttpTarget target;
    private long oldestWaiting;

    public Forwarder(ForwardOptions options, IngestQueue queue, ForwardMetrics metrics, TimeProvider clock, IJitterSource jitter, ILogger<Forwarder> log)
    {
        (this.options, Queue, this.metrics, this.clock, this.jitter, this.log) = (options, queue, metrics, clock, jitter, log);
        target = new HttpTarget(options.Target, clock) { Told = options.Told };
        metrics.Observe(options.What, () => Queue.Waiting, WaitedSeconds);
    }

    public IngestQueue Queue { get; }

    public override void Dispose()
    {
        target.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            while (!stoppingToken.IsCancellationRequested)
            {
                if (Queue.Read(Queue.Position, 1) is not { } batch)
                {
                    Interlocked.Exchange(ref oldestWaiting, 0);
                    await Queue.WaitAsync(stoppingToken);
                    continue;
                }
                Interlocked.Exchange(ref oldestWaiting, batch.Requests[0].AcceptedAt);
                await DeliverAsync(batch, stoppingToken);
                Queue.Acknowledge(batch.Next);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // What was not acknowledged by the receiver is sent again at the next start.
            return;
        }
    }

    /// <summary>Returns when the receiver has it, will never take it, or the queue has given it up.</summary>
    private async Task DeliverAsync(QueuedBatch batch, CancellationToken ct)
    {
        var request = batch.Requests[0];
        for (var failures = 0; ;)
        {
            var answer = await SendAsync(request, ct);
            var isBlamed = answer.Verdict == StoreVerdict.Refused;
            if (answer.Verdict == StoreVerdict.Failed && (failures + 1) % options.FailuresBeforeNext == 0 && await TakesNextAsync(batch, ct))
            {
                // The receiver may have come back in between: it is asked once more before the request is blamed.
                answer = await SendAsync(request, ct);
                isBlamed = answer.Verdict is StoreVerdict.Refused or StoreVerdict.Failed;
            }
            if (answer.Verdict == StoreVerdict.Accepted)
            {
                if (failures > 0)
                    LogBack(options.What);
                return;
            }
            if (isBlamed)
            {
                metrics.Refused(options.What, request.Samples);
                LogRefused(options.What, request.Samples, request.Cluster, answer.Code);
                return;
            }
            var delay = RetryDelay.Of(failures++, options.Target.FirstDelay, options.Target.LongestDelay, answer.RetryAfter, jitter);
            LogWaiting(options.What, answer.Code, Queue.Waiting, delay);
            await Task.Delay(delay, clock, ct);
            if (Queue.Position >= batch.Next)
                return;
        }
    }

    /// <summary>It comes once more in its turn, which a receiver does not mind: it gets things twice after a kill as well.</summary>
    private async Task<bool> TakesNextAsync(QueuedBatch batch, CancellationToken ct) =>
        Queue.Read(batch.Next, 1) is { } next && (await SendAsync(next.Requests[0], ct)).Verdict == StoreVerdict.Accepted;

    private async Task<StoreAnswer> SendAsync(QueuedRequest request, CancellationToken ct)
    {
        long refused = 0;
        var answer = await target.PostAsync(
            request.Body,
            message =>
            {
                message.Content!.Headers.ContentType = new(options.ContentType);
                message.Content.Headers.ContentEncoding.Add("gzip");
                message.Headers.UserAgent.ParseAdd("fleet-observability");
                options.Describe?.Invoke(message);
            },
            ct,
            async (response, stop) => refused = options.Refused is null ? 0 : Math.Min(request.Samples, await options.Refused(response, stop)));
        metrics.Answered(options.What, answer.Code);
        if (answer.Verdict != StoreVerdict.Accepted)
            return answer;
        metrics.Delivered(options.What, request.Samples - refused);
        if (refused > 0)
        {
            metrics.Refused(options.What, refused);
            LogRefused(options.What, refused, request.Cluster, answer.Code);
        }
        return answer;
    }

    private double WaitedSeconds()
    {
        var accepted = Interlocked.Read(ref oldestWaiting);
        return accepted == 0 ? 0 : Math.Max(0, (clock.GetUtcNow() - DateTimeOffset.FromUnixTimeMilliseconds(accepted)).TotalSeconds);
    }
}
