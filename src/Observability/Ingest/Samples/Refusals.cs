using System.Text;

namespace Fleet.Observability.Ingest.Samples;

/// <summary>What of one request was refused: how many samples for which reason, with one metric as an example of each.</summary>
public sealed class Refusals
{
    private const int LongestExample = 120;
    private static readonly string[] Names = [.. Enum.GetNames<RefusalReason>().Select(InSnakeCase)];
    private readonly long[] counts = new long[Names.Length];
    private readonly string?[] examples = new string?[Names.Length];

    public long Total { get; private set; }

    /// <summary>As it stands in answers and metrics: <c>labels_not_sorted</c>.</summary>
    public static string NameOf(RefusalReason reason) => Names[(int)reason];

    public void Add(RefusalReason reason, long samples, ReadOnlySpan<byte> metric)
    {
        counts[(int)reason] += samples;
        Total += samples;
        examples[(int)reason] ??= Readable(metric);
    }

    public long this[RefusalReason reason] => counts[(int)reason];

    public IEnumerable<(RefusalReason Reason, long Samples, string Example)> All =>
        Enum.GetValues<RefusalReason>().Where(reason => counts[(int)reason] > 0).Select(reason => (reason, counts[(int)reason], examples[(int)reason]!));

    /// <summary>For the sender.</summary>
    public override string ToString() =>
        string.Join("; ", All.Select(one => $"{NameOf(one.Reason)}: {one.Samples} {(one.Samples == 1 ? "sample" : "samples")}, for example of \"{one.Example}\""));

    /// <summary>What somebody else wrote goes into logs and answers only short and without control characters.</summary>
    internal static string Readable(ReadOnlySpan<byte> metric)
    {
        var text = new StringBuilder();
        foreach (var rune in Encoding.UTF8.GetString(metric[..Math.Min(metric.Length, LongestExample)]).EnumerateRunes())
            text.Append(Rune.IsControl(rune) || rune.Value == '"' ? "?" : rune.ToString());
        return metric.Length > LongestExample ? text.Append('…').ToString() : text.ToString();
    }

    private static string InSnakeCase(string name) =>
        string.Concat(name.Select((c, i) => char.IsUpper(c) ? (i == 0 ? "" : "_") + char.ToLowerInvariant(c) : c.ToString()));
}
