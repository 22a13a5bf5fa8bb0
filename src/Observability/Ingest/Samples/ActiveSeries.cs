using System.Text;

namespace Fleet.Observability.Ingest.Samples;

/// <summary>
/// The series of one cluster that have had samples lately, as hashes: about 24 bytes each, with what need not be found out again about their labels. A cluster that makes ever new series (an id in a label) is stopped at its
/// limit, and the metrics that were stopped are named. Two generations make forgetting cheap; two series with one hash count as one, which harms nobody.
/// </summary>
public sealed class ActiveSeries(int limit, TimeSpan activeFor)
{
    /// <summary>So many metrics are named; it is always the same few that explode.</summary>
    private const int MostNames = 20;
    private const string Others = "(others)";
    private readonly Lock gate = new();
    private readonly Dictionary<string, long> refused = [];
    private Dictionary<ulong, int> current = [];
    private Dictionary<ulong, int> previous = [];
    private DateTimeOffset began = DateTimeOffset.MinValue;

    public int Count
    {
        get
        {
            lock (gate)
                return current.Count + previous.Count;
        }
    }

    /// <summary>How many series of which metric were refused so far.</summary>
    public IReadOnlyDictionary<string, long> Refused
    {
        get
        {
            lock (gate)
                return new Dictionary<string, long>(refused);
        }
    }

    /// <summary>What <see cref="Admit"/> was told about a series that is still active, which it is from now on again; null when it is not or when nothing was told.</summary>
    public int? Splice(ulong series, DateTimeOffset now)
    {
        lock (gate)
        {
            Age(now);
            if (current.TryGetValue(series, out var splice))
                return splice < 0 ? null : splice;
            if (!previous.Remove(series, out splice))
                return null;
            current.Add(series, splice);
            return splice < 0 ? null : splice;
        }
    }

    /// <summary>False: the series is new and there are as many as there may be.</summary>
    /// <param name="splice">To be told again when it comes again; null: nothing.</param>
    public bool Admit(ulong series, int? splice, ReadOnlySpan<byte> metric, DateTimeOffset now)
    {
        lock (gate)
        {
            Age(now);
            if (current.ContainsKey(series))
                return true;
            if (previous.Remove(series) || current.Count + previous.Count < limit)
            {
                current.Add(series, splice ?? -1);
                return true;
            }
            var name = Encoding.UTF8.GetString(metric);
            if (!refused.ContainsKey(name) && refused.Count >= MostNames)
                name = Others;
            refused[name] = refused.GetValueOrDefault(name) + 1;
            return false;
        }
    }

    private void Age(DateTimeOffset now)
    {
        if (now - began < activeFor)
            return;
        // After a long silence both generations are old.
        previous = now - began >= 2 * activeFor ? [] : current;
        current = [];
        began = now;
    }
}
