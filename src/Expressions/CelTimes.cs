using System.Globalization;
using System.Text.RegularExpressions;

namespace Fleet.Expressions;

/// <summary>Timestamps: RFC 3339 in, RFC 3339 out, parts in any time zone.</summary>
internal static partial class CelTimes
{
    public static bool TryParse(string text, out DateTimeOffset time)
    {
        time = default;
        return Rfc3339().IsMatch(text)
            && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out time);
    }

    public static string Format(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", CultureInfo.InvariantCulture);

    /// <summary>The time in a zone: an IANA name, or an offset such as <c>+02:00</c>.</summary>
    public static DateTimeOffset? In(DateTimeOffset time, string zone)
    {
        if (Offset().Match(zone) is { Success: true } match)
        {
            var offset = TimeSpan.FromMinutes(int.Parse(match.Groups[2].Value, CultureInfo.InvariantCulture) * 60 + int.Parse(match.Groups[3].Value, CultureInfo.InvariantCulture));
            return offset > TimeSpan.FromHours(14) ? null : time.ToOffset(match.Groups[1].Value == "-" ? -offset : offset);
        }
        return TimeZoneInfo.TryFindSystemTimeZoneById(zone, out var found) ? TimeZoneInfo.ConvertTime(time, found) : null;
    }

    [GeneratedRegex(@"^\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d{1,9})?([Zz]|[+-]\d\d:\d\d)$")]
    private static partial Regex Rfc3339();

    [GeneratedRegex(@"^([+-]?)(\d\d):(\d\d)$")]
    private static partial Regex Offset();
}
