using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Fleet.Observability.Alerts.Routing;

namespace Fleet.Observability.Alerts.Receivers;

/// <summary>Alertmanager's webhook message of version 4, so that what takes it takes this, and what Fleet adds: id, title, clusters. Pure.</summary>
internal static class WebhookMessage
{
    public const string SignatureHeader = "Fleet-Signature";
    public const string IdHeader = "Idempotency-Key";

    private const string NeverEnded = "0001-01-01T00:00:00Z";

    public static byte[] Body(Notification notification, NotificationText text) => Encoding.UTF8.GetBytes(new JsonObject
    {
        ["version"] = "4",
        ["groupKey"] = notification.GroupKey,
        ["truncatedAlerts"] = notification.Truncated,
        ["status"] = text.Status,
        ["receiver"] = notification.Receiver,
        ["groupLabels"] = Object(notification.GroupLabels),
        ["commonLabels"] = Object(text.CommonLabels),
        ["commonAnnotations"] = Object(text.CommonAnnotations),
        ["externalURL"] = text.Link ?? "",
        ["alerts"] = new JsonArray([.. notification.Alerts.Select(alert => (JsonNode)new JsonObject
        {
            ["status"] = alert.IsFiring ? "firing" : "resolved",
            ["labels"] = Object(alert.Labels),
            ["annotations"] = Object(alert.Annotations),
            ["startsAt"] = Time(alert.StartsAt),
            ["endsAt"] = alert.EndsAt is { } end ? Time(end) : NeverEnded,
            ["generatorURL"] = text.Link ?? "",
            ["fingerprint"] = alert.Id,
            ["incident"] = alert.Incident,
            ["value"] = double.IsFinite(alert.Value) ? alert.Value : null,
        })]),
        ["id"] = notification.Id,
        ["title"] = text.Title,
        ["clusters"] = new JsonArray([.. text.Clusters.Select(cluster => (JsonNode)cluster)]),
    }.ToJsonString());

    /// <summary>Time and HMAC-SHA256 of time, a dot and the body: what was sent long ago can be told from what is sent now.</summary>
    public static string Signature(string key, DateTimeOffset at, ReadOnlySpan<byte> body)
    {
        var time = at.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        byte[] signed = [.. Encoding.UTF8.GetBytes($"{time}."), .. body];
        return $"t={time},v1={Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(key), signed))}";
    }

    public static JsonObject Object(IReadOnlyDictionary<string, string> labels) => new(labels.Select(label => KeyValuePair.Create<string, JsonNode?>(label.Key, label.Value)));

    public static string Time(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
}
