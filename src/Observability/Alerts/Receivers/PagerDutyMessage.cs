using System.Text;
using System.Text.Json.Nodes;
using Fleet.Observability.Alerts.Routing;

namespace Fleet.Observability.Alerts.Receivers;

/// <summary>An event of PagerDuty's Events API v2. Pure.</summary>
internal static class PagerDutyMessage
{
    public const string UsualAddress = "https://events.pagerduty.com/v2/enqueue";

    private const int LongestSummary = 1024;

    public static byte[] Body(string routingKey, Notification notification, NotificationText text)
    {
        var message = new JsonObject
        {
            ["routing_key"] = routingKey,
            ["event_action"] = text.Firing > 0 ? "trigger" : "resolve",
            // Of the group: what is told of it later changes the same incident, and the end resolves it.
            ["dedup_key"] = notification.GroupKey,
            ["client"] = "Fleet",
            ["payload"] = new JsonObject
            {
                ["summary"] = text.Title.Length <= LongestSummary ? text.Title : text.Title[..LongestSummary],
                ["source"] = text.Clusters.Count switch { 0 => "fleet", 1 => text.Clusters[0], _ => $"{text.Clusters[0]} and {text.Clusters.Count - 1} others" },
                ["severity"] = text.Severity is "critical" or "error" or "warning" or "info" ? text.Severity : "warning",
                ["timestamp"] = WebhookMessage.Time(notification.Alerts.Min(alert => alert.StartsAt)),
                ["class"] = notification.GroupLabels.GetValueOrDefault("alertname") ?? text.CommonLabels.GetValueOrDefault("alertname"),
                ["custom_details"] = new JsonObject
                {
                    ["num_firing"] = text.Firing, ["num_resolved"] = notification.Alerts.Count - text.Firing, ["clusters"] = string.Join(", ", text.Clusters.Take(100)), ["text"] = text.Text,
                },
            },
        };
        if (text.Link is { } link)
            message["client_url"] = link;
        return Encoding.UTF8.GetBytes(message.ToJsonString());
    }
}
