using System.Globalization;
using System.Text;

namespace Fleet.Expressions;

/// <summary>Conversions between types, and the size of things.</summary>
internal static class CelConversions
{
    public static void Register(CelRegister add)
    {
        add("size", 1, Size);
        add(".size", 1, Size);
        add("type", 1, a => CelType.Of(a[0]));
        add("dyn", 1, a => a[0]);
        add("bool", 1, a => a[0] switch
        {
            bool b => b,
            "1" or "t" or "T" or "true" or "TRUE" or "True" => true,
            "0" or "f" or "F" or "false" or "FALSE" or "False" => false,
            string s => new CelError($"type conversion error from 'string' to 'bool': {s}"),
            _ => CelError.NoOverload,
        });
        add("int", 1, a => ToInt(a[0]));
        add("uint", 1, a => ToUint(a[0]));
        add("double", 1, a => a[0] switch
        {
            double d => d,
            long l => (double)l,
            ulong u => (double)u,
            string s => double.TryParse(s, NumberStyles.Float, CultureInfo.InvariantCulture, out var d) ? d : Failed(s, "double"),
            _ => CelError.NoOverload,
        });
        add("string", 1, a => a[0] switch
        {
            string or bool or long or ulong or double or TimeSpan or DateTimeOffset or CelQuantity or CelUrl or CelIp or CelCidr => CelText.Show(a[0]),
            byte[] b => Utf8(b),
            _ => CelError.NoOverload,
        });
        add("bytes", 1, a => a[0] switch { byte[] b => b, string s => Encoding.UTF8.GetBytes(s), _ => CelError.NoOverload });
        add("duration", 1, a => a[0] switch
        {
            TimeSpan t => t,
            string s => CelDurations.TryParse(s, out var t) ? CelDurations.InRange(t) : Failed(s, "google.protobuf.Duration"),
            _ => CelError.NoOverload,
        });
        add("timestamp", 1, a => a[0] switch
        {
            DateTimeOffset t => t,
            string s => CelTimes.TryParse(s, out var t) ? t : Failed(s, "google.protobuf.Timestamp"),
            long l and >= -62135596800 and <= 253402300799 => DateTimeOffset.FromUnixTimeSeconds(l),
            long => new CelError("timestamp overflow"),
            _ => CelError.NoOverload,
        });
    }

    private static object Size(object?[] a) => a[0] switch
    {
        string s => CelText.Length(s),
        byte[] b => (long)b.Length,
        CelList list => (long)list.Count,
        CelMap map => (long)map.Count,
        _ => CelError.NoOverload,
    };

    private static object ToInt(object? value) => value switch
    {
        long l => l,
        ulong u => u <= long.MaxValue ? (long)u : CelError.Overflow,
        double d => d > -9223372036854775808d && d < 9223372036854775807d ? (long)d : CelError.Overflow,
        string s => long.TryParse(s, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var l) ? l : Failed(s, "int"),
        DateTimeOffset t => t.ToUnixTimeSeconds(),
        _ => CelError.NoOverload,
    };

    private static object ToUint(object? value) => value switch
    {
        ulong u => u,
        long l => l >= 0 ? (ulong)l : CelError.Overflow,
        double d => d >= 0 && d < 18446744073709551615d ? (ulong)d : CelError.Overflow,
        string s => ulong.TryParse(s, NumberStyles.None, CultureInfo.InvariantCulture, out var u) ? u : Failed(s, "uint"),
        _ => CelError.NoOverload,
    };

    private static object Utf8(byte[] bytes)
    {
        try
        {
            return new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(bytes);
        }
        catch (DecoderFallbackException)
        {
            return new CelError("invalid UTF-8 in bytes, cannot convert to string");
        }
    }

    private static CelError Failed(string text, string type) => new($"type conversion error from 'string' to '{type}': \"{text}\"");
}
