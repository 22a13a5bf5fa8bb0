using System.Net.Http.Headers;
using Fleet.Contracts.Alerts;
using Fleet.Observability.Alerts.Receivers;
using Fleet.Observability.Alerts.Routing;

namespace Fleet.Observability.Alerts.Delivery;

/// <summary>Tells one receiver one thing, once.</summary>
internal sealed class ReceiverSender(ReceiverSecrets secrets, GuardedHttp http, SmtpDelivery smtp, AlertOptions options, TimeProvider clock)
{
    public async Task<(DeliveryOutcome Outcome, string Title)> SendAsync(Receiver receiver, Notification notification, CancellationToken ct)
    {
        var title = "";
        try
        {
            var (spec, place) = (receiver.Spec, receiver.Metadata.Key.Namespace);
            var text = new NotificationText(notification, spec.TitleTemplate, spec.TextTemplate, options.ExternalAddress);
            title = text.Title;
            return (await SendAsync(spec, place, notification, text, ct), title);
        }
        catch (ReceiverSecretException e)
        {
            return (DeliveryOutcome.Failed(e.Message), title);
        }
        catch (FormatException e)
        {
            // A template, which admission refuses; it can be mended.
            return (DeliveryOutcome.Failed(e.Message), title);
        }
    }

    private Task<DeliveryOutcome> SendAsync(ReceiverSpec spec, string place, Notification notification, NotificationText text, CancellationToken ct) => spec switch
    {
        { Email: { } email } => MailAsync(email, place, notification, text, ct),
        { Slack: { } slack } => PostSecretAsync(place, slack.UrlSecret, SlackMessage.Body(slack, text), answer => answer.Trim() is "ok" or "", ct),
        { PagerDuty: { } pager } => PageAsync(pager, place, notification, text, ct),
        { MsTeams: { } teams } => PostSecretAsync(place, teams.UrlSecret, MsTeamsMessage.Body(notification, text), null, ct),
        { Webhook: { } webhook } => HookAsync(webhook, place, notification, text, ct),
        _ => Task.FromResult(DeliveryOutcome.Refused("this kind of receiver is told by no route")),
    };

    private async Task<DeliveryOutcome> MailAsync(EmailReceiver email, string place, Notification notification, NotificationText text, CancellationToken ct)
    {
        // Admission refuses them; where it does not stand before the API they must not become commands.
        if (email.To.Append(email.From).Any(address => address.Any(letter => letter is <= ' ' or >= (char)127 or '<' or '>')))
            return DeliveryOutcome.Refused("an address is none");
        var tls = email.Tls ?? "StartTls";
        var relay = new MailRelay(
            email.Host, email.Port ?? (tls == "Implicit" ? 465 : 587), tls, email.CaSecret is null ? null : await secrets.ReadAsync(place, email.CaSecret, ct),
            email.Username, email.PasswordSecret is null ? null : await secrets.ReadAsync(place, email.PasswordSecret, ct));
        return await smtp.SendAsync(relay, email.From, email.To, MailMessage.Of(email, notification, text, clock.GetUtcNow()), ct);
    }

    private async Task<DeliveryOutcome> PageAsync(PagerDutyReceiver pager, string place, Notification notification, NotificationText text, CancellationToken ct)
    {
        var key = await secrets.ReadAsync(place, pager.RoutingKeySecret, ct);
        return await http.PostAsync(new Uri(pager.Url ?? PagerDutyMessage.UsualAddress), Json(PagerDutyMessage.Body(key, notification, text)), [], null, ct);
    }

    private async Task<DeliveryOutcome> HookAsync(WebhookReceiver webhook, string place, Notification notification, NotificationText text, CancellationToken ct)
    {
        var body = WebhookMessage.Body(notification, text);
        var headers = new List<KeyValuePair<string, string>> { new(WebhookMessage.IdHeader, notification.Id) };
        if (webhook.SigningSecret is { } signing)
            headers.Add(new(WebhookMessage.SignatureHeader, WebhookMessage.Signature(await secrets.ReadAsync(place, signing, ct), clock.GetUtcNow(), body)));
        if (webhook.BearerTokenSecret is { } token)
            headers.Add(new("Authorization", $"Bearer {await secrets.ReadAsync(place, token, ct)}"));
        return await http.PostAsync(new Uri(webhook.Url), Json(body), headers, null, ct);
    }

    private async Task<DeliveryOutcome> PostSecretAsync(string place, ReceiverSecret address, byte[] body, Func<string, bool>? accept, CancellationToken ct) =>
        await http.PostAsync(await secrets.AddressAsync(place, address, ct), Json(body), [], accept, ct);

    private static ByteArrayContent Json(byte[] body) => new(body) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };
}
