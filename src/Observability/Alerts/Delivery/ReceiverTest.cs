using System.Collections.Immutable;
using System.Globalization;
using Fleet.Observability.Alerts.Api;
using Fleet.Observability.Alerts.Matching;
using Fleet.Observability.Alerts.Receivers;
using Fleet.Observability.Alerts.Routing;
using Fleet.Observability.Alerts.States;
using Fleet.Observability.Alerts.Storage;

namespace Fleet.Observability.Alerts.Delivery;

/// <summary>Tells a receiver an alert that is none and is over at once: a pager that takes it is not left with it.</summary>
internal sealed class ReceiverTest(ReceiverSender sender, AlertmanagerPoster managers, AlertOutbox outbox, TimeProvider clock)
{
    public async Task<ReceiverTestView> RunAsync(Receiver receiver, string caller, CancellationToken ct)
    {
        var (began, now, key) = (clock.GetTimestamp(), clock.GetUtcNow(), receiver.Metadata.Key);
        var labels = AlertLabels.Of([new(AlertLabels.Name, "FleetTest"), new(AlertLabels.Severity, "info")]);
        var texts = AlertLabels.Of([new("summary", $"Test of Receiver {key}"), new("description", $"Asked for by {caller}. Nothing is wrong.")]);
        var (outcome, title) = ReceiverTypes.Of(receiver.Spec) == ReceiverTypes.Alertmanager
            ? (await managers.PostAsync(receiver, [Of(labels, texts, now)], TimeSpan.FromMinutes(1), ct), "FleetTest")
            : await TellAsync(receiver, labels, texts, now, ct);
        var took = (int)clock.GetElapsedTime(began).TotalMilliseconds;
        var isDelivered = outcome.Verdict == DeliveryVerdict.Delivered;
        var message = isDelivered ? $"asked for by {caller}" : outcome.Message;
        await outbox.NoteAsync(
            new()
            {
                Namespace = key.Namespace, Receiver = key.Name, Notification = Id(key.ToString(), now), Title = title, Alerts = 1, At = now, Outcome = isDelivered ? "test" : "testFailed", Attempt = 1,
                Code = outcome.Code, Milliseconds = took, Message = message,
            }, ct);
        return new(isDelivered, title, outcome.Code, took, outcome.Message);
    }

    private async Task<(DeliveryOutcome Outcome, string Title)> TellAsync(
        Receiver receiver, IReadOnlyDictionary<string, string> labels, IReadOnlyDictionary<string, string> texts, DateTimeOffset now, CancellationToken ct)
    {
        var key = receiver.Metadata.Key;
        var alert = new NotifiedAlert("test", key.Namespace, "test", labels, texts, now, null, 1, "test");
        var fired = new Notification
        {
            Id = Id($"{key}+", now), GroupKey = Id(key.ToString(), now), Namespace = key.Namespace, Receiver = key.Name, GroupLabels = labels, At = now, Alerts = [alert],
        };
        var first = await sender.SendAsync(receiver, fired, ct);
        // A pager holds on to what fires.
        if (first.Outcome.Verdict != DeliveryVerdict.Delivered || receiver.Spec.PagerDuty is null)
            return first;
        var (over, _) = await sender.SendAsync(receiver, fired with { Id = Id($"{key}-", now), Alerts = [alert with { EndsAt = now }] }, ct);
        return (over, first.Title);
    }

    private static AlertInstance Of(
        ImmutableSortedDictionary<string, string> labels, ImmutableSortedDictionary<string, string> texts, DateTimeOffset now) => new()
        {
            Id = "test", Rule = new("", "test", "FleetTest"), Labels = labels, Annotations = texts, Phase = AlertPhase.Firing, ActiveSince = now, FiredAt = now,
        };

    private static string Id(string of, DateTimeOffset now) => AlertLabels.Fingerprint(AlertLabels.None, "test", of, now.UtcTicks.ToString(CultureInfo.InvariantCulture));
}
