using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Fleet.Observability.Alerts.Receivers;
using Fleet.Observability.Alerts.States;

namespace Fleet.Observability.Alerts.Delivery;

/// <summary>Posts alerts to the Alertmanagers of a receiver, each of which gets all: they tell one another what was sent.</summary>
internal sealed class AlertmanagerPoster(GuardedHttp http, ReceiverSecrets secrets, TimeProvider clock)
{
    /// <summary>Of one request.</summary>
    private const int MostAlerts = 500;

    /// <summary>An Alertmanager takes for over what is not sent again in so many intervals, as Prometheus has it.</summary>
    private const int IntervalsUntilOver = 4;

    /// <returns>Delivered when one of them has all: they are a cluster.</returns>
    public async Task<DeliveryOutcome> PostAsync(Receiver receiver, IReadOnlyList<AlertInstance> alerts, TimeSpan resend, CancellationToken ct)
    {
        var manager = receiver.Spec.Alertmanager!;
        DeliveryOutcome? best = null;
        try
        {
            var headers = manager.BearerTokenSecret is { } token
                ? [KeyValuePair.Create("Authorization", $"Bearer {await secrets.ReadAsync(receiver.Metadata.Key.Namespace, token, ct)}")]
                : Array.Empty<KeyValuePair<string, string>>();
            foreach (var url in manager.Urls)
            {
                var outcome = await PostAsync(new Uri($"{url.TrimEnd('/')}/api/v2/alerts"), alerts, resend, headers, ct);
                if (best is null || outcome.Verdict == DeliveryVerdict.Delivered)
                    best = outcome;
            }
        }
        catch (Exception e) when (e is ReceiverSecretException or UriFormatException)
        {
            return DeliveryOutcome.Failed(e.Message);
        }
        return best ?? DeliveryOutcome.Refused("it names no Alertmanager");
    }

    private async Task<DeliveryOutcome> PostAsync(Uri address, IReadOnlyList<AlertInstance> alerts, TimeSpan resend, IReadOnlyList<KeyValuePair<string, string>> headers, CancellationToken ct)
    {
        var outcome = DeliveryOutcome.Delivered(200);
        foreach (var part in alerts.Chunk(MostAlerts))
        {
            using var content = new ByteArrayContent(Body(part, clock.GetUtcNow() + resend * IntervalsUntilOver)) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };
            outcome = await http.PostAsync(address, content, headers, null, ct);
            if (outcome.Verdict != DeliveryVerdict.Delivered)
                return outcome;
        }
        return outcome;
    }

    internal static byte[] Body(IEnumerable<AlertInstance> alerts, DateTimeOffset until) => Encoding.UTF8.GetBytes(new JsonArray([.. alerts.Select(alert => (JsonNode)new JsonObject
    {
        ["labels"] = WebhookMessage.Object(alert.Labels),
        ["annotations"] = WebhookMessage.Object(alert.Annotations),
        ["startsAt"] = WebhookMessage.Time(alert.FiredAt ?? alert.ActiveSince),
        ["endsAt"] = WebhookMessage.Time(alert.ResolvedAt ?? until),
    })]).ToJsonString());
}
