using System.Data.Common;
using Fleet.Kubernetes.Objects;
using Fleet.Observability.Alerts.Engine;
using Fleet.Observability.Alerts.Receivers;
using Fleet.Observability.Alerts.States;
using Fleet.Observability.Alerts.Status;
using Fleet.Observability.Alerts.Storage;

namespace Fleet.Observability.Alerts.Delivery;

/// <summary>
/// Hands alerts over to Alertmanagers: what fires again and again, what is over for a while, as Prometheus does. There is no outbox: what could not be handed over is handed over the next time,
/// as it is then. The process that advances alerts does so.
/// </summary>
internal sealed class AlertmanagerHandover(AlertObjects objects, AlertBoard board, AlertmanagerPoster poster, AlertOutbox outbox, AlertPokes pokes, AlertOptions options, TimeProvider clock) : BackgroundService
{
    private static readonly TimeSpan UsualInterval = TimeSpan.FromMinutes(1);

    /// <summary>How long an end is told, as Prometheus has it.</summary>
    private static readonly TimeSpan EndIsTold = TimeSpan.FromMinutes(15);

    private readonly Dictionary<ObjectKey, Handed> handed = [];

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            if (board.Alerts is { } alerts && objects.Receivers.State.HasSynced)
                await Task.WhenAll(objects.Receivers.Items.Where(receiver => ReceiverTypes.Of(receiver.Spec) == ReceiverTypes.Alertmanager).Select(receiver => HandAsync(receiver, alerts, stoppingToken)));
            await Task.Delay(options.Turn, clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task HandAsync(Receiver receiver, IReadOnlyCollection<AlertInstance> alerts, CancellationToken ct)
    {
        var (key, now) = (receiver.Metadata.Key, clock.GetUtcNow());
        Handed last;
        lock (handed)
            last = handed.TryGetValue(key, out var known) ? known : handed[key] = new();
        var asked = AlertOptions.DurationOf(receiver.Spec.Alertmanager!.ResendInterval, UsualInterval);
        var resend = asked > options.ShortestInterval ? asked : options.ShortestInterval;
        var isSystem = AlertObjects.IsSystem(key.Namespace);
        var seen = alerts.Where(alert => alert.IsSeenFrom(key.Namespace, isSystem) && (alert.Phase == AlertPhase.Firing
            || (alert.Phase == AlertPhase.Resolved && receiver.Spec.SendResolved != false && now - alert.ResolvedAt < EndIsTold))).ToList();
        var due = seen.Where(alert => !last.Sent.TryGetValue(alert.Id, out var sent) || sent.Phase != alert.Phase || now - sent.At >= resend).ToList();
        if (due.Count == 0 || now < last.NotBefore)
            return;
        var began = clock.GetTimestamp();
        var outcome = await poster.PostAsync(receiver, due, resend, ct);
        if (outcome.Verdict == DeliveryVerdict.Delivered)
            foreach (var alert in due)
                last.Sent[alert.Id] = (alert.Phase, now);
        foreach (var gone in last.Sent.Keys.Except(seen.Select(alert => alert.Id)).ToList())
            last.Sent.Remove(gone);
        last.NotBefore = outcome.Verdict == DeliveryVerdict.Delivered ? now : now + (outcome.RetryAfter ?? options.FirstRetry);
        // Each repetition is no news; the first one after a failure, and every failure, is.
        if (outcome.Verdict == last.Verdict)
            return;
        last.Verdict = outcome.Verdict;
        try
        {
            await outbox.NoteAsync(
                new()
                {
                    Namespace = key.Namespace, Receiver = key.Name, Notification = "handover", Title = $"{due.Count} alerts", Alerts = due.Count, At = now,
                    Outcome = outcome.Verdict == DeliveryVerdict.Delivered ? "delivered" : "failed", Attempt = 1, Code = outcome.Code,
                    Milliseconds = (int)clock.GetElapsedTime(began).TotalMilliseconds, Message = outcome.Message,
                }, ct);
            pokes.Receiver(key);
        }
        catch (Exception e) when (e is DbException or TimeoutException or InvalidOperationException)
        {
            last.Verdict = null;
        }
    }

    /// <summary>Of one receiver, which is handed one thing at a time.</summary>
    private sealed class Handed
    {
        public Dictionary<string, (AlertPhase Phase, DateTimeOffset At)> Sent { get; } = new(StringComparer.Ordinal);

        public DateTimeOffset NotBefore { get; set; }

        public DeliveryVerdict? Verdict { get; set; }
    }
}
