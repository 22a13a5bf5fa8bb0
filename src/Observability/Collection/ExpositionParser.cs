using System.Buffers;
using System.Buffers.Text;
using System.Text;
using System.Text.Unicode;

namespace Fleet.Observability.Collection;

/// <summary>
/// Reads Prometheus' text format 0.0.4 and OpenMetrics 1.0. Never throws for what it is given: a line that cannot be read is counted, the
/// next one is read as if nothing had been. Exemplars are passed over. Pure.
/// </summary>
internal static class ExpositionParser
{
    private const int BadLinesKept = 5;

    private static readonly SearchValues<byte> NameStart = SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_:"u8);
    private static readonly SearchValues<byte> NameRest = SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_:"u8);
    private static readonly SearchValues<byte> ValueEnds = SearchValues.Create("\"\\"u8);
    private static readonly SearchValues<byte> Blanks = SearchValues.Create(" \t"u8);

    /// <summary>Whether an answer of this media type is OpenMetrics, whose times are seconds.</summary>
    public static bool IsOpenMetrics(string? mediaType) => mediaType?.StartsWith("application/openmetrics-text", StringComparison.OrdinalIgnoreCase) == true;

    /// <param name="body">The answer, UTF-8.</param>
    /// <param name="openMetrics">Whether it is OpenMetrics.</param>
    /// <param name="wanted">Names of metrics to keep; null: all. What is not wanted costs next to nothing.</param>
    /// <param name="limits">How much is read.</param>
    public static Exposition Parse(ReadOnlySpan<byte> body, bool openMetrics = false, IReadOnlySet<string>? wanted = null, ExpositionLimits? limits = null)
    {
        limits ??= ExpositionLimits.Default;
        var reading = new Reading(openMetrics, wanted, limits);
        var cut = body.Length > limits.MostBytes;
        if (cut)
        {
            body = body[..limits.MostBytes];
            // The last line may be half of one.
            body = body[..(body.LastIndexOf((byte)'\n') + 1)];
        }
        var number = 0;
        while (body.Length > 0 && !reading.IsOver)
        {
            var end = body.IndexOf((byte)'\n');
            var line = end < 0 ? body : body[..end];
            body = end < 0 ? default : body[(end + 1)..];
            number++;
            if (reading.Samples.Count >= limits.MostSamples)
            {
                cut = true;
                break;
            }
            if (reading.Line(line) is { } why)
                reading.Fail(number, why);
        }
        return new()
        {
            Samples = reading.Samples,
            Types = reading.Types,
            Malformed = reading.Malformed,
            FirstBad = reading.Bad,
            Unwanted = reading.Unwanted,
            CutOff = cut,
            Complete = !cut && (!openMetrics || reading.IsOver),
        };
    }

    private sealed class Reading(bool openMetrics, IReadOnlySet<string>? wanted, ExpositionLimits limits)
    {
        private readonly TextPool pool = new();

        public List<MetricSample> Samples { get; } = [];

        public Dictionary<string, MetricType> Types { get; } = new(StringComparer.Ordinal);

        public List<BadLine> Bad { get; } = [];

        public int Malformed { get; private set; }

        public int Unwanted { get; private set; }

        /// <summary>An OpenMetrics answer says so itself.</summary>
        public bool IsOver { get; private set; }

        public void Fail(int line, string why)
        {
            Malformed++;
            if (Bad.Count < BadLinesKept)
                Bad.Add(new(line, why));
        }

        /// <summary>Why the line cannot be read; null when it was.</summary>
        public string? Line(ReadOnlySpan<byte> line)
        {
            if (line.EndsWith("\r"u8))
                line = line[..^1];
            line = line.TrimStart(" \t"u8);
            if (line.IsEmpty)
                return null;
            if (line.Length > limits.LongestLine)
                return "the line is too long";
            return line[0] == '#' ? Comment(line) : Sample(line);
        }

        private string? Comment(ReadOnlySpan<byte> line)
        {
            if (openMetrics && line.TrimEnd(" \t"u8).SequenceEqual("# EOF"u8))
            {
                IsOver = true;
                return null;
            }
            if (!line.StartsWith("# TYPE "u8))
                return null;
            var rest = line[7..].Trim(" \t"u8);
            var name = Name(rest);
            var type = rest[name.Length..];
            if (name.IsEmpty || type.IsEmpty || !Blanks.Contains(type[0]))
                return "TYPE without name or type";
            if (wanted is not null && !wanted.Contains(pool.Of(name)))
                return null;
            Types[pool.Of(name)] = Type(type.Trim(" \t"u8));
            return null;
        }

        private static MetricType Type(ReadOnlySpan<byte> word) => word switch
        {
            _ when word.SequenceEqual("counter"u8) => MetricType.Counter,
            _ when word.SequenceEqual("gauge"u8) => MetricType.Gauge,
            _ when word.SequenceEqual("histogram"u8) => MetricType.Histogram,
            _ when word.SequenceEqual("summary"u8) => MetricType.Summary,
            _ when word.SequenceEqual("info"u8) => MetricType.Info,
            _ => MetricType.Unknown,
        };

        private string? Sample(ReadOnlySpan<byte> line)
        {
            var name = Name(line);
            if (name.IsEmpty)
                return "no name";
            var rest = line[name.Length..];
            if (!rest.IsEmpty && rest[0] != '{' && !Blanks.Contains(rest[0]))
                return "no name";
            rest = rest.TrimStart(" \t"u8);
            // Its labels are read also of what is not wanted: a line that is no sample must not count as one.
            var keep = wanted is null || wanted.Contains(pool.Of(name));
            var labels = new List<KeyValuePair<string, string>>();
            if (!rest.IsEmpty && rest[0] == '{' && Labels(ref rest, labels, keep) is { } why)
                return why;
            var numbers = openMetrics ? WithoutExemplar(rest) : rest;
            if (!Word(ref numbers, out var value) || Number(value) is not { } number)
                return "no value";
            DateTimeOffset? time = null;
            if (Word(ref numbers, out var stamp) && (time = Time(stamp)) is null)
                return "no time";
            if (Word(ref numbers, out _))
                return "more than a value and a time";
            if (keep)
                Samples.Add(new(pool.Of(name), labels, number, time));
            else
                Unwanted++;
            return null;
        }

        private string? Labels(ref ReadOnlySpan<byte> rest, List<KeyValuePair<string, string>> labels, bool keep)
        {
            rest = rest[1..].TrimStart(" \t"u8);
            var count = 0;
            while (!rest.IsEmpty && rest[0] != '}')
            {
                if (++count > limits.MostLabels)
                    return "too many labels";
                var name = Name(rest);
                if (name.IsEmpty || name.Contains((byte)':'))
                    return "a label without name";
                rest = rest[name.Length..].TrimStart(" \t"u8);
                if (rest.IsEmpty || rest[0] != '=')
                    return "a label without value";
                rest = rest[1..].TrimStart(" \t"u8);
                if (!Value(ref rest, keep, out var value))
                    return "a label whose value does not end, or is no text";
                if (keep)
                {
                    var key = pool.Of(name);
                    if (labels.Exists(l => l.Key == key))
                        return "a label twice";
                    labels.Add(new(key, value));
                }
                rest = rest.TrimStart(" \t"u8);
                if (rest.IsEmpty || rest[0] is not ((byte)',' or (byte)'}'))
                    return "labels that do not end";
                if (rest[0] == ',')
                    rest = rest[1..].TrimStart(" \t"u8);
            }
            if (rest.IsEmpty)
                return "labels that do not end";
            rest = rest[1..];
            return null;
        }

        private bool Value(ref ReadOnlySpan<byte> rest, bool keep, out string value)
        {
            value = "";
            if (rest.IsEmpty || rest[0] != '"')
                return false;
            rest = rest[1..];
            var end = rest.IndexOfAny(ValueEnds);
            if (end >= 0 && rest[end] == '"')
            {
                var plain = rest[..end];
                rest = rest[(end + 1)..];
                if (!Utf8.IsValid(plain))
                    return false;
                value = keep ? pool.Of(plain) : "";
                return true;
            }
            var text = new ArrayBufferWriter<byte>();
            while ((end = rest.IndexOfAny(ValueEnds)) >= 0)
            {
                text.Write(rest[..end]);
                if (rest[end] == '"')
                {
                    rest = rest[(end + 1)..];
                    value = Utf8.IsValid(text.WrittenSpan) ? Encoding.UTF8.GetString(text.WrittenSpan) : "";
                    return Utf8.IsValid(text.WrittenSpan);
                }
                if (end + 1 >= rest.Length)
                    return false;
                // An escape that is none stands for itself, as Prometheus reads it.
                text.Write(rest[end + 1] switch { (byte)'n' => "\n"u8, (byte)'\\' => "\\"u8, (byte)'"' => "\""u8, _ => rest.Slice(end, 2) });
                rest = rest[(end + 2)..];
            }
            return false;
        }

        /// <summary>Label values may hold a #, so this is asked behind the labels only.</summary>
        private static ReadOnlySpan<byte> WithoutExemplar(ReadOnlySpan<byte> rest) => rest.IndexOf(" # "u8) is >= 0 and var at ? rest[..at] : rest;

        private static ReadOnlySpan<byte> Name(ReadOnlySpan<byte> text)
        {
            if (text.IsEmpty || !NameStart.Contains(text[0]))
                return default;
            var end = text.IndexOfAnyExcept(NameRest);
            return end < 0 ? text : text[..end];
        }

        private static bool Word(ref ReadOnlySpan<byte> rest, out ReadOnlySpan<byte> word)
        {
            rest = rest.TrimStart(" \t"u8);
            var end = rest.IndexOfAny(Blanks);
            word = end < 0 ? rest : rest[..end];
            rest = rest[word.Length..];
            return !word.IsEmpty;
        }

        private static double? Number(ReadOnlySpan<byte> word)
        {
            if (Utf8Parser.TryParse(word, out double number, out var used) && used == word.Length && !char.IsLetter((char)word[^1]) && !double.IsInfinity(number))
                return number;
            return word switch
            {
                _ when Is(word, "nan"u8) => double.NaN,
                _ when Is(word, "+inf"u8) || Is(word, "inf"u8) || Is(word, "+infinity"u8) || Is(word, "infinity"u8) => double.PositiveInfinity,
                _ when Is(word, "-inf"u8) || Is(word, "-infinity"u8) => double.NegativeInfinity,
                _ => null,
            };

            static bool Is(ReadOnlySpan<byte> word, ReadOnlySpan<byte> other) => Ascii.EqualsIgnoreCase(word, other);
        }

        private DateTimeOffset? Time(ReadOnlySpan<byte> word)
        {
            if (openMetrics)
                return Number(word) is { } seconds && Math.Abs(seconds) < 1e11 ? DateTimeOffset.UnixEpoch.AddTicks((long)(seconds * TimeSpan.TicksPerSecond)) : null;
            return Utf8Parser.TryParse(word, out long milliseconds, out var used) && used == word.Length && Math.Abs(milliseconds) < 100_000_000_000_000
                ? DateTimeOffset.FromUnixTimeMilliseconds(milliseconds)
                : null;
        }
    }

    /// <summary>Names, namespaces and images come thousands of times in an answer.</summary>
    private sealed class TextPool
    {
        private const int Longest = 256;
        private const int Slots = 2_048;

        private readonly string?[] kept = new string?[Slots];

        public string Of(ReadOnlySpan<byte> utf8)
        {
            if (utf8.IsEmpty)
                return "";
            if (utf8.Length > Longest)
                return Encoding.UTF8.GetString(utf8);
            Span<char> text = stackalloc char[Longest];
            var written = text[..Encoding.UTF8.GetChars(utf8, text)];
            ref var slot = ref kept[(uint)string.GetHashCode(written) % Slots];
            return slot is not null && written.SequenceEqual(slot) ? slot : slot = new(written);
        }
    }
}
