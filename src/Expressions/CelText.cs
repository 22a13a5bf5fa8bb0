using System.Globalization;
using System.Text;

namespace Fleet.Expressions;

/// <summary>Texts are sequences of code points in CEL, of UTF-16 units in .NET.</summary>
internal static class CelText
{
    public static long Length(string text) => System.Text.Ascii.IsValid(text) ? text.Length : text.EnumerateRunes().Count();

    /// <summary>The UTF-16 index of a code point; -1 when the text is shorter.</summary>
    public static int Index(string text, long codePoint)
    {
        if (codePoint < 0) return -1;
        if (System.Text.Ascii.IsValid(text)) return codePoint <= text.Length ? (int)codePoint : -1;
        var at = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            if (codePoint-- == 0) return at;
            at += rune.Utf16SequenceLength;
        }
        return codePoint == 0 ? at : -1;
    }

    /// <summary>The code point index of a UTF-16 index; -1 stays -1.</summary>
    public static long Position(string text, int index) => index <= 0 ? index : Length(text[..index]);

    /// <summary>As <c>string(double)</c>.</summary>
    public static string Show(double number) => double.IsInfinity(number) ? (number > 0 ? "+Inf" : "-Inf") : number.ToString("R", CultureInfo.InvariantCulture);

    /// <summary>For messages and <c>%s</c>.</summary>
    public static string Show(object? value) => value switch
    {
        null => "null",
        bool b => b ? "true" : "false",
        long l => l.ToString(CultureInfo.InvariantCulture),
        ulong u => u.ToString(CultureInfo.InvariantCulture),
        double d => Show(d),
        string s => s,
        byte[] b => Encoding.UTF8.GetString(b),
        TimeSpan d => CelDurations.Format(d),
        DateTimeOffset t => CelTimes.Format(t),
        CelType t => t.Name,
        CelList list => "[" + string.Join(", ", list.Select(Show)) + "]",
        CelMap map => "{" + string.Join(", ", map.Keys.Select(k => $"{Show(k)}: {(map.TryGet(k, out var v) ? Show(v) : "")}").Order(StringComparer.Ordinal)) + "}",
        _ => value.ToString() ?? "",
    };

    /// <summary>The <c>format</c> method: %s %d %f %e %x %X %o %b and %%.</summary>
    public static object Format(string pattern, CelList arguments)
    {
        var text = new StringBuilder();
        var next = 0;
        for (var i = 0; i < pattern.Length; i++)
        {
            if (pattern[i] != '%')
            {
                text.Append(pattern[i]);
                continue;
            }
            if (++i >= pattern.Length) return new CelError("unexpected end of string");
            if (pattern[i] == '%')
            {
                text.Append('%');
                continue;
            }
            var precision = 6;
            if (pattern[i] == '.')
            {
                var start = ++i;
                while (i < pattern.Length && char.IsAsciiDigit(pattern[i])) i++;
                if (i >= pattern.Length || !int.TryParse(pattern[start..i], NumberStyles.None, CultureInfo.InvariantCulture, out precision) || precision > 100)
                    return new CelError("error while parsing precision");
            }
            if (next >= arguments.Count) return new CelError($"index {next} out of range");
            if (Clause(pattern[i], arguments[next++], precision) is not { } piece) return new CelError($"could not parse formatting clause: unrecognized formatting clause \"{pattern[i]}\" for this value");
            text.Append(piece);
        }
        return text.ToString();
    }

    private static string? Clause(char clause, object? value, int precision) => (clause, value) switch
    {
        ('s', _) => Written(value),
        ('d', long or ulong) => Show(value),
        ('d', double d) when !double.IsFinite(d) => Written(d),
        ('f', long or ulong or double) => Convert.ToDouble(value, CultureInfo.InvariantCulture).ToString("F" + precision, CultureInfo.InvariantCulture),
        ('e', long or ulong or double) => Exponent(Convert.ToDouble(value, CultureInfo.InvariantCulture), precision),
        ('x', long l) => (l < 0 ? "-" : "") + Magnitude(l).ToString("x", CultureInfo.InvariantCulture),
        ('X', long l) => (l < 0 ? "-" : "") + Magnitude(l).ToString("X", CultureInfo.InvariantCulture),
        ('x', ulong u) => u.ToString("x", CultureInfo.InvariantCulture),
        ('X', ulong u) => u.ToString("X", CultureInfo.InvariantCulture),
        ('x', string s) => Convert.ToHexStringLower(Encoding.UTF8.GetBytes(s)),
        ('X', string s) => Convert.ToHexString(Encoding.UTF8.GetBytes(s)),
        ('x', byte[] b) => Convert.ToHexStringLower(b),
        ('X', byte[] b) => Convert.ToHexString(b),
        ('o', long l) => (l < 0 ? "-" : "") + Convert.ToString((long)Magnitude(l), 8),
        ('b', long l) => (l < 0 ? "-" : "") + Magnitude(l).ToString("b", CultureInfo.InvariantCulture),
        ('o', ulong u) => u <= long.MaxValue ? Convert.ToString((long)u, 8) : "1" + Convert.ToString((long)(u & long.MaxValue), 8).PadLeft(21, '0'),
        ('b', ulong u) => u.ToString("b", CultureInfo.InvariantCulture),
        ('b', bool b) => b ? "1" : "0",
        _ => null,
    };

    /// <summary>As <see cref="Show(object?)"/>, but that infinity is a word.</summary>
    private static string Written(object? value) => value switch
    {
        double d when double.IsInfinity(d) => d > 0 ? "Infinity" : "-Infinity",
        CelList list => "[" + string.Join(", ", list.Select(Written)) + "]",
        _ => Show(value),
    };

    /// <summary>As Go writes a text that is safe to print: in double quotes, control characters as escapes.</summary>
    public static string Quote(string text)
    {
        var quoted = new StringBuilder(text.Length + 2).Append('"');
        foreach (var c in text)
        {
            if (QuotedAs.TryGetValue(c, out var escape)) quoted.Append('\\').Append(escape);
            else quoted.Append(c);
        }
        return quoted.Append('"').ToString();
    }

    private static readonly Dictionary<char, char> QuotedAs = new()
    {
        ['\a'] = 'a', ['\b'] = 'b', ['\f'] = 'f', ['\n'] = 'n', ['\r'] = 'r', ['\t'] = 't', ['\v'] = 'v', ['\\'] = '\\', ['"'] = '"',
    };

    private static ulong Magnitude(long number) => number < 0 ? (ulong)-(number + 1) + 1 : (ulong)number;

    private static string Exponent(double number, int precision) =>
        number.ToString((precision == 0 ? "0" : "0." + new string('0', precision)) + "e+00", CultureInfo.InvariantCulture);
}
