using System.Text;
using System.Text.Json.Nodes;
using Fleet.Observability.Alerts.Matching;
using Fleet.Observability.Alerts.Routing;

namespace Fleet.Observability.Alerts.Receivers;

/// <summary>An adaptive card for a workflow of Microsoft Teams. Pure.</summary>
internal static class MsTeamsMessage
{
    /// <summary>Teams refuses messages of more than 28 KB.</summary>
    private const int LongestText = 12_000;

    public static byte[] Body(Notification notification, NotificationText text)
    {
        var facts = notification.Alerts.GroupBy(alert => alert.Labels.GetValueOrDefault(AlertLabels.Severity) ?? "").Select(group => Fact($"{group.Key}", $"{group.Count()}"))
            .Prepend(Fact("Clusters", text.Clusters.Count == 0 ? "–" : string.Join(", ", text.Clusters.Take(20)) + (text.Clusters.Count > 20 ? $" and {text.Clusters.Count - 20} others" : "")));
        var card = new JsonObject
        {
            ["type"] = "AdaptiveCard",
            ["$schema"] = "http://adaptivecards.io/schemas/adaptive-card.json",
            ["version"] = "1.4",
            ["body"] = new JsonArray(
                Block(text.Title, "Large", text.Firing == 0 ? "Good" : text.Severity == "critical" ? "Attention" : "Warning", "Bolder"),
                new JsonObject { ["type"] = "FactSet", ["facts"] = new JsonArray([.. facts]) },
                // Cards know Markdown, which joins lines unless an empty one is between them.
                Block((text.Text.Length > LongestText ? text.Text[..LongestText] + "…" : text.Text).Replace("\n", "\n\n", StringComparison.Ordinal), "Default", "Default", "Default")),
        };
        if (text.Link is { } link)
            card["actions"] = new JsonArray(new JsonObject { ["type"] = "Action.OpenUrl", ["title"] = "Fleet", ["url"] = link });
        return Encoding.UTF8.GetBytes(new JsonObject
        {
            ["type"] = "message",
            ["attachments"] = new JsonArray(new JsonObject { ["contentType"] = "application/vnd.microsoft.card.adaptive", ["contentUrl"] = null, ["content"] = card }),
        }.ToJsonString());
    }

    private static JsonObject Block(string text, string size, string colour, string weight) =>
        new() { ["type"] = "TextBlock", ["text"] = text, ["wrap"] = true, ["size"] = size, ["color"] = colour, ["weight"] = weight };

    private static JsonNode Fact(string title, string value) => new JsonObject { ["title"] = title, ["value"] = value };
}
