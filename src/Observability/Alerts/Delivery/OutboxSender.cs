using System.Collections.Concurrent;
using System.Data.Common;
using Fleet.Control.Grains;
using Fleet.Control.Queueing;
using Fleet.Kubernetes.Objects;
using Fleet.Kubernetes.Watching;
using Fleet.Observability.Alerts.Status;
using Fleet.Observability.Alerts.Storage;

namespace Fleet.Observability.Alerts.Delivery;

/// <summary>Tells receivers what waits in the outbox, again and again until it was told or is given up.</summary>
internal sealed partial class OutboxSender(
    AlertObjects objects, AlertOutbox outbox, ReceiverSender sender, AlertPokes pokes, GrainOwnership owner, AlertOptions options, TimeProvider clock, IJitterSource jitter,
    ILogger<OutboxSender> log) : BackgroundService
{
    private const int AtOnce = 16;

    private static readonly TimeSpan TrimEvery = TimeSpan.FromMinutes(10);

    private readonly ConcurrentDictionary<long, Task> running = new();
    private DateTimeOffset trimmed;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await objects.WaitForSyncAsync(stoppingToken);
                await TurnAsync(stoppingToken);
            }
            catch (GrainElsewhereException)
            {
                // A later process tells receivers; this one is about to be stopped.
            }
            catch (Exception e) when (e is DbException or TimeoutException or InvalidOperationException && e is not InformerNotSyncedException)
            {
                LogAway(e.GetType().Name);
            }
            catch (OperationCanceledException)
            {
                break;
            }
            await pokes.OutboxAsync(options.Turn, clock, stoppingToken);
        }
        // What was sent is to be noted, or it would be sent again.
        await Task.WhenAll(running.Values);
    }

    private async Task TurnAsync(CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        if (now - trimmed >= TrimEvery)
        {
            trimmed = now;
            if (await outbox.TrimAsync(now, ct) is > 0 and var lost)
                LogOverflow(lost);
        }
        while (running.Count < AtOnce && await outbox.TakeAsync(owner, AtOnce - running.Count, clock.GetUtcNow(), ct) is { Count: > 0 } items)
            foreach (var item in items)
            {
                var done = new TaskCompletionSource();
                running[item.Sequence] = done.Task;
                _ = Task.Run(() => TellAsync(item, done), CancellationToken.None);
            }
    }

    private async Task TellAsync(OutboxItem item, TaskCompletionSource done)
    {
        try
        {
            // Frozen since it was taken, perhaps for as long as it was ours: then another process has taken it.
            if (!owner.IsCurrent)
                return;
            var began = clock.GetTimestamp();
            var (outcome, title) = objects.Receivers.TryGet(item.Receiver, out var receiver)
                ? await sender.SendAsync(receiver, item.Notification, CancellationToken.None)
                : (DeliveryOutcome.Failed("there is no such Receiver"), "");
            var now = clock.GetUtcNow();
            DateTimeOffset? next = outcome.Verdict == DeliveryVerdict.Delivered ? null : RetryPlan.Next(item, outcome, options, jitter.Next(), now);
            var word = outcome.Verdict == DeliveryVerdict.Delivered ? "delivered" : next is null ? "dead" : "failed";
            await outbox.SettleAsync(
                item, outcome, next,
                new()
                {
                    Namespace = item.Receiver.Namespace, Receiver = item.Receiver.Name, Notification = item.Notification.Id, Title = title, Alerts = item.Notification.Alerts.Count, At = now, Outcome = word,
                    Attempt = item.Attempt, Code = outcome.Code, Milliseconds = (int)clock.GetElapsedTime(began).TotalMilliseconds, Message = outcome.Message,
                }, CancellationToken.None);
            if (word == "dead")
                LogDead(item.Receiver, item.Attempt, outcome.Message);
            pokes.Receiver(item.Receiver);
        }
        catch (Exception e) when (e is DbException or TimeoutException or InvalidOperationException)
        {
            // It is free again when its time is over; what was told is told again.
            LogAway(e.GetType().Name);
        }
        finally
        {
            running.TryRemove(item.Sequence, out _);
            done.SetResult();
            pokes.Outbox();
        }
    }

    [LoggerMessage(3301, LogLevel.Warning, "The outbox of alerts does not answer ({Error}): nothing is told until it does")]
    private partial void LogAway(string error);

    [LoggerMessage(3302, LogLevel.Warning, "Receiver {Receiver}: a notification is given up after {Attempts} attempts: {Reason}")]
    private partial void LogDead(ObjectKey receiver, int attempts, string reason);

    [LoggerMessage(3303, LogLevel.Warning, "{Count} notifications are given up: too many wait for one receiver")]
    private partial void LogOverflow(int count);
}
