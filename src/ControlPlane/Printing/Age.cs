using System.Globalization;
using System.Text.Json.Nodes;
using Fleet.ControlPlane.Machinery;

namespace Fleet.ControlPlane.Printing;

/// <summary>Durations as kubectl writes them: <c>45s</c>, <c>5m12s</c>, <c>3h</c>, <c>2d4h</c>.</summary>
internal static class Age
{
    public const string Unknown = "<unknown>";

    public static string Of(JsonObject body, DateTimeOffset now) => Since((body["metadata"] as JsonObject)?["creationTimestamp"].Text(), now);

    public static string Since(string? timestamp, DateTimeOffset now) =>
        DateTimeOffset.TryParse(timestamp, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var then) ? Short(now - then) : Unknown;

    public static string Short(TimeSpan span)
    {
        var seconds = (long)span.TotalSeconds;
        if (seconds < -1) return "<invalid>";
        if (seconds < 0) return "0s";
        if (seconds < 120) return $"{seconds}s";
        var minutes = seconds / 60;
        if (minutes < 10) return seconds % 60 == 0 ? $"{minutes}m" : $"{minutes}m{seconds % 60}s";
        if (minutes < 180) return $"{minutes}m";
        var hours = minutes / 60;
        if (hours < 8) return minutes % 60 == 0 ? $"{hours}h" : $"{hours}h{minutes % 60}m";
        if (hours < 48) return $"{hours}h";
        var days = hours / 24;
        if (hours < 192) return hours % 24 == 0 ? $"{days}d" : $"{days}d{hours % 24}h";
        if (days < 365 * 2) return $"{days}d";
        var years = days / 365;
        if (days < 365 * 8) return days % 365 == 0 ? $"{years}y" : $"{years}y{days % 365}d";
        return $"{years}y";
    }
}
