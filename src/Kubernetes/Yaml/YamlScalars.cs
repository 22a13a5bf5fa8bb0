using System.Globalization;
using System.Numerics;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Fleet.Kubernetes.Yaml;

/// <summary>
/// What an unquoted scalar means. kubectl and Helm read YAML with Go's yaml.v2 rules: YAML 1.1 booleans (<c>yes</c>, <c>on</c>, <c>y</c> are true),
/// <c>0777</c> is octal, underscores in numbers are ignored, timestamps stay strings.
/// </summary>
internal static partial class YamlScalars
{
    internal enum Meaning { Text, Null, Boolean, Number, NotANumber }

    internal static Meaning Classify(string text, out bool flag, out JsonValue? number)
    {
        flag = false;
        number = null;
        switch (text)
        {
            case "" or "~" or "null" or "Null" or "NULL":
                return Meaning.Null;
            case "true" or "True" or "TRUE" or "y" or "Y" or "yes" or "Yes" or "YES" or "on" or "On" or "ON":
                flag = true;
                return Meaning.Boolean;
            case "false" or "False" or "FALSE" or "n" or "N" or "no" or "No" or "NO" or "off" or "Off" or "OFF":
                return Meaning.Boolean;
            case ".nan" or ".NaN" or ".NAN" or ".inf" or ".Inf" or ".INF" or "+.inf" or "+.Inf" or "+.INF" or "-.inf" or "-.Inf" or "-.INF":
                return Meaning.NotANumber;
        }

        if (text[0] is not ('+' or '-' or '.' or (>= '0' and <= '9')))
            return Meaning.Text;
        return TryNumber(text, out number) ? Meaning.Number : Meaning.Text;
    }

    /// <summary>True when a plain scalar with this text would not come back as this very string.</summary>
    internal static bool NeedsQuotes(string text)
        => Classify(text, out _, out _) != Meaning.Text || LooksLikeTimestampOrSexagesimal().IsMatch(text) || text is "<<" or "=";

    private static bool TryNumber(string text, out JsonValue? number)
    {
        number = null;
        var plain = text[0] == '.' ? text : text.Replace("_", "", StringComparison.Ordinal);
        if (plain.Length == 0)
            return false;
        if (plain[0] != '.' && TryInteger(plain, out number))
            return true;
        if (!Float().IsMatch(plain) || !double.TryParse(plain, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) || !double.IsFinite(value))
            return false;
        number = JsonValue.Create(value);
        return true;
    }

    private static bool TryInteger(string plain, out JsonValue? number)
    {
        number = null;
        var negative = plain[0] == '-';
        var digits = plain[0] is '-' or '+' ? plain.AsSpan(1) : plain.AsSpan();
        var radix = 10;
        if (digits.Length > 1 && digits[0] == '0')
        {
            (radix, var skip) = digits[1] switch
            {
                'x' or 'X' => (16, 2),
                'o' or 'O' => (8, 2),
                'b' or 'B' => (2, 2),
                _ => (8, 1),
            };
            digits = digits[skip..];
        }

        if (digits.IsEmpty || digits.Length > 1000)
            return false;
        BigInteger value = 0;
        long small = 0;
        var isSmall = true;
        foreach (var c in digits)
        {
            var digit = c switch { >= '0' and <= '9' => c - '0', >= 'a' and <= 'f' => c - 'a' + 10, >= 'A' and <= 'F' => c - 'A' + 10, _ => 99 };
            if (digit >= radix)
                return false;
            if (isSmall && small <= (long.MaxValue - 15) / 16)
            {
                small = small * radix + digit;
                continue;
            }

            if (isSmall)
                (value, isSmall) = (small, false);
            value = value * radix + digit;
        }

        if (isSmall)
        {
            number = JsonValue.Create(negative ? -small : small);
            return true;
        }

        value = negative ? -value : value;
        number = value >= long.MinValue && value <= long.MaxValue ? JsonValue.Create((long)value)
            : value >= 0 && value <= ulong.MaxValue ? JsonValue.Create((ulong)value)
            : (JsonValue)JsonNode.Parse(value.ToString(CultureInfo.InvariantCulture))!;
        return true;
    }

    [GeneratedRegex(@"^[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?$", RegexOptions.CultureInvariant)]
    private static partial Regex Float();

    [GeneratedRegex(@"^([0-9]{4}-[0-9]{1,2}-[0-9]{1,2}([Tt ].*)?|[-+]?[0-9][0-9_]*(:[0-5]?[0-9])+(\.[0-9]*)?)$", RegexOptions.CultureInvariant)]
    private static partial Regex LooksLikeTimestampOrSexagesimal();
}
