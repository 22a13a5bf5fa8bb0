using System.Text;
using System.Text.Json.Nodes;
using Fleet.Contracts.Alerts;

namespace Fleet.Observability.Alerts.Receivers;

/// <summary>A message for an incoming webhook of Slack. Pure.</summary>
internal static class SlackMessage
{
    /// <summary>Slack shortens longer texts by itself, without saying so.</summary>
    private const int LongestText = 3500;

    public static byte[] Body(SlackReceiver receiver, NotificationText text)
    {
        var title = Escape(text.Title);
        var attachment = new JsonObject
        {
            ["title"] = title, ["text"] = Escape(text.Text is { Length: > LongestText } longer ? longer[..LongestText] + "…" : text.Text), ["fallback"] = title,
            ["color"] = text.Firing == 0 ? "good" : text.Severity == "critical" ? "danger" : "warning", ["mrkdwn_in"] = new JsonArray("text"),
        };
        if (text.Link is { } link)
            attachment["title_link"] = link;
        var message = new JsonObject { ["text"] = title, ["attachments"] = new JsonArray(attachment) };
        if (receiver.Channel is { } channel)
            message["channel"] = channel;
        if (receiver.Username is { } user)
            message["username"] = user;
        return Encoding.UTF8.GetBytes(message.ToJsonString());
    }

    /// <summary>The three that mean something to Slack: a label must not mention everybody.</summary>
    private static string Escape(string text) =>
        text.Replace("&", "&amp;", StringComparison.Ordinal).Replace("<", "&lt;", StringComparison.Ordinal).Replace(">", "&gt;", StringComparison.Ordinal);
}
