using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Fleet.Expressions;

namespace Fleet.ControlPlane.Schemas;

/// <summary>The formats that a kube-apiserver enforces; unknown formats are accepted, as there.</summary>
internal static partial class FormatChecks
{
    public static bool Fits(JsonValue value, string format)
    {
        if (format is "int32" && JsonNumbers.TryInteger(value, out var number)) return number is >= int.MinValue and <= int.MaxValue;
        if (value.GetValueKind() != JsonValueKind.String) return true;
        var text = value.GetValue<string>();
        return format switch
        {
            "date-time" or "datetime" => Timestamp().IsMatch(text) && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, out _),
            "date" => DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _),
            "duration" => CelDurations.TryParse(text, out _),
            "byte" => Convert.TryFromBase64String(text, new byte[text.Length], out _),
            "email" => text.IndexOf('@', StringComparison.Ordinal) is > 0 and var at && at < text.Length - 1 && !text.Contains(' ', StringComparison.Ordinal),
            "hostname" => text.Length <= 255 && Hostname().IsMatch(text),
            "ipv4" => IPAddress.TryParse(text, out var v4) && v4.AddressFamily == AddressFamily.InterNetwork && text.Split('.').Length == 4,
            "ipv6" => IPAddress.TryParse(text, out var v6) && v6.AddressFamily == AddressFamily.InterNetworkV6,
            "cidr" => text.Contains('/', StringComparison.Ordinal) && IPNetworkFits(text),
            "mac" => Mac().IsMatch(text),
            "uri" => Uri.TryCreate(text, UriKind.Absolute, out _) || text.StartsWith('/'),
            "uuid" or "uuid3" or "uuid4" or "uuid5" => Guid.TryParse(text, out _),
            _ => true,
        };
    }

    private static bool IPNetworkFits(string text)
    {
        var slash = text.LastIndexOf('/');
        return IPAddress.TryParse(text[..slash], out var address)
            && int.TryParse(text[(slash + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out var bits)
            && bits <= (address.AddressFamily == AddressFamily.InterNetwork ? 32 : 128);
    }

    [GeneratedRegex(@"^\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)$")]
    private static partial Regex Timestamp();

    [GeneratedRegex(@"^([A-Za-z0-9]|[A-Za-z0-9][A-Za-z0-9_-]{0,61}[A-Za-z0-9])(\.([A-Za-z0-9]|[A-Za-z0-9][A-Za-z0-9_-]{0,61}[A-Za-z0-9]))*\.?$")]
    private static partial Regex Hostname();

    [GeneratedRegex("^([0-9A-Fa-f]{2}[:-]){5}[0-9A-Fa-f]{2}$")]
    private static partial Regex Mac();
}
