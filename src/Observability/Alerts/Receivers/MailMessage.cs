using System.Globalization;
using System.Net;
using System.Text;
using Fleet.Contracts.Alerts;
using Fleet.Observability.Alerts.Routing;

namespace Fleet.Observability.Alerts.Receivers;

/// <summary>A mail with a plain and an HTML part, in ASCII only, whose lines are short enough for every relay. Pure.</summary>
internal static class MailMessage
{
    public static byte[] Of(EmailReceiver receiver, Notification notification, NotificationText text, DateTimeOffset now)
    {
        var host = receiver.From[(receiver.From.IndexOf('@') + 1)..];
        var boundary = $"fleet-{notification.Id}";
        var mail = new StringBuilder();
        void Line(string line) => mail.Append(line).Append("\r\n");
        Line($"From: {receiver.From}");
        Line($"To: {string.Join(",\r\n ", receiver.To)}");
        Line($"Subject: {Encoded(text.Title)}");
        Line($"Date: {now.UtcDateTime.ToString("ddd, dd MMM yyyy HH:mm:ss", CultureInfo.InvariantCulture)} +0000");
        Line($"Message-ID: <{notification.Id}@{host}>");
        // All of a group are one conversation.
        Line($"References: <{notification.GroupKey}@{host}>");
        Line($"In-Reply-To: <{notification.GroupKey}@{host}>");
        Line("Auto-Submitted: auto-generated");
        Line("X-Auto-Response-Suppress: All");
        if (text.Firing > 0 && text.Severity == "critical")
            Line("X-Priority: 1");
        Line("MIME-Version: 1.0");
        Line($"Content-Type: multipart/alternative; boundary=\"{boundary}\"");
        Line("");
        Part(Line, boundary, "text/plain", text.Text);
        Part(Line, boundary, "text/html", $"<!DOCTYPE html><html><body><h3>{WebUtility.HtmlEncode(text.Title)}</h3><pre>{WebUtility.HtmlEncode(text.Text)}</pre></body></html>");
        Line($"--{boundary}--");
        return Encoding.ASCII.GetBytes(mail.ToString());
    }

    private static void Part(Action<string> line, string boundary, string type, string text)
    {
        line($"--{boundary}");
        line($"Content-Type: {type}; charset=utf-8");
        line("Content-Transfer-Encoding: base64");
        line("");
        var encoded = Convert.ToBase64String(Encoding.UTF8.GetBytes(text.ReplaceLineEndings("\r\n")));
        foreach (var chunk in encoded.Chunk(76))
            line(new string(chunk));
    }

    /// <summary>RFC 2047: words of at most 75 characters, none of which ends inside a character.</summary>
    private static string Encoded(string text)
    {
        if (text.All(letter => letter is >= ' ' and < (char)127) && text.Length <= 60 && !text.Contains("=?", StringComparison.Ordinal))
            return text;
        var (words, part) = (new List<string>(), new StringBuilder());
        foreach (var rune in text.EnumerateRunes())
        {
            if (Encoding.UTF8.GetByteCount(part.ToString()) + rune.Utf8SequenceLength > 42)
            {
                words.Add(part.ToString());
                part.Clear();
            }
            part.Append(rune);
        }
        words.Add(part.ToString());
        return string.Join("\r\n ", words.Select(word => $"=?utf-8?B?{Convert.ToBase64String(Encoding.UTF8.GetBytes(word))}?="));
    }
}
