using System.Globalization;
using System.Text.Json.Nodes;

namespace Fleet.Helm.Values;

/// <summary>The type of a plain scalar, as helm's YAML library decides it (measured with helm 3.18 and 4.1).</summary>
internal static class YamlScalar
{
    public static JsonNode? Resolve(string text) => text switch
    {
        "" or "~" or "null" or "Null" or "NULL" => null,
        "true" or "True" or "TRUE" or "yes" or "Yes" or "YES" or "on" or "On" or "ON" or "y" or "Y" => true,
        "false" or "False" or "FALSE" or "no" or "No" or "NO" or "off" or "Off" or "OFF" or "n" or "N" => false,
        ".nan" or ".NaN" or ".NAN" or ".inf" or ".Inf" or ".INF" or "+.inf" or "-.inf" or "+.Inf" or "-.Inf" =>
            throw new FormatException($"\"{text}\" has no JSON form."),
        _ => Number(text) ?? JsonValue.Create(text),
    };

    private static JsonValue? Number(string text)
    {
        var first = text[0];
        if (!char.IsAsciiDigit(first) && first is not ('+' or '-' or '.')) return null;
        var digits = text.Replace("_", "", StringComparison.Ordinal);
        if (Integer(digits) is { } integer) return JsonValue.Create(integer);
        if (ulong.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var large)) return JsonValue.Create(large);
        return IsFloat(digits) && double.TryParse(digits, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number)
            ? JsonValue.Create(number)
            : null;
    }

    private static long? Integer(string text)
    {
        var negative = text[0] == '-';
        var digits = text[0] is '+' or '-' ? text[1..] : text;
        if (digits.Length == 0) return null;
        long? value = null;
        if (digits.StartsWith("0x", StringComparison.Ordinal)) value = Digits(digits[2..], 16);
        else if (digits.StartsWith("0o", StringComparison.Ordinal)) value = Digits(digits[2..], 8);
        else if (digits.StartsWith("0b", StringComparison.Ordinal)) value = Digits(digits[2..], 2);
        else if (digits.Length > 1 && digits[0] == '0') value = Digits(digits[1..], 8);
        else if (long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var plain)) value = plain;
        return negative ? -value : value;
    }

    private static long? Digits(string digits, int radix)
    {
        if (digits.Length == 0) return null;
        long value = 0;
        foreach (var c in digits)
        {
            if (!char.IsAsciiHexDigit(c)) return null;
            var digit = Convert.ToInt32(c.ToString(), 16);
            if (digit >= radix || value > (long.MaxValue - digit) / radix) return null;
            value = (value * radix) + digit;
        }
        return value;
    }

    // A version such as 1.2.3 and an address are text; so are "+", "-" and ".".
    private static bool IsFloat(string text)
    {
        var i = text[0] is '+' or '-' ? 1 : 0;
        var digits = 0;
        var dots = 0;
        for (; i < text.Length; i++)
        {
            if (char.IsAsciiDigit(text[i])) digits++;
            else if (text[i] == '.') dots++;
            else break;
        }
        if (digits == 0 || dots > 1) return false;
        if (i == text.Length) return true;
        if (text[i] is not ('e' or 'E')) return false;
        i++;
        if (i < text.Length && text[i] is '+' or '-') i++;
        return i < text.Length && text[i..].All(char.IsAsciiDigit);
    }
}
