namespace Fleet.Cost.Rightsizing;

/// <summary>
/// How often which value was seen, with the old counting less: a sample that is a half-life younger has twice the weight. Samples may come in any order. Only the
/// buckets between the least and the greatest value are kept, since a container's usage has a few dozen of them. Not thread-safe.
/// </summary>
public sealed class DecayingHistogram
{
    /// <summary>Below this total weight a histogram counts as empty.</summary>
    public const double LeastWeight = 1e-4;

    // 2^100 is far from what a double can not hold, and a year of half-lives of a day away.
    private const double MostDoublings = 100;

    private readonly HistogramBuckets buckets;
    private readonly TimeSpan halfLife;
    private double[] weights = [];
    private int first;
    private DateTimeOffset reference;
    private bool hasReference;
    private double total;

    public DecayingHistogram(HistogramBuckets buckets, TimeSpan halfLife)
    {
        if (halfLife <= TimeSpan.Zero)
            throw new ArgumentOutOfRangeException(nameof(halfLife), "a half-life is longer than nothing");
        this.buckets = buckets;
        this.halfLife = halfLife;
    }

    /// <summary>Goes on where another one was saved.</summary>
    public DecayingHistogram(HistogramBuckets buckets, TimeSpan halfLife, HistogramState state)
        : this(buckets, halfLife)
    {
        if (state.First < 0 || state.First + state.Weights.Count > buckets.Count || state.Weights.Any(weight => !double.IsFinite(weight) || weight < 0))
            throw new ArgumentException("these weights are not of such buckets", nameof(state));
        (first, weights, reference, hasReference) = (state.First, [.. state.Weights], state.Reference, state.Weights.Count > 0);
        total = weights.Sum();
    }

    public bool IsEmpty => total < LeastWeight;

    public void Add(double value, double weight, DateTimeOffset time) => Change(value, weight, time);

    /// <summary>Takes back what was added.</summary>
    public void Subtract(double value, double weight, DateTimeOffset time) => Change(value, -weight, time);

    /// <summary>The upper edge of the bucket below which this part of the weight lies; 0 when nothing was seen.</summary>
    /// <param name="part">From 0 to 1.</param>
    public double Percentile(double part)
    {
        if (IsEmpty)
            return 0;
        var wanted = part * total;
        var seen = 0.0;
        var last = Array.FindLastIndex(weights, weight => weight > 0);
        var bucket = Array.FindIndex(weights, weight => weight > 0);
        for (; bucket < last; bucket++)
            if ((seen += weights[bucket]) >= wanted)
                break;
        return buckets.StartOf(first + bucket < buckets.Count - 1 ? first + bucket + 1 : first + bucket);
    }

    public HistogramState Save() => new(reference, first, [.. weights]);

    private void Change(double value, double weight, DateTimeOffset time)
    {
        if (!double.IsFinite(value) || !double.IsFinite(weight))
            return;
        if (!hasReference)
            (reference, hasReference) = (time, true);
        if ((time - reference) / halfLife > MostDoublings)
            MoveReference(time);
        var decayed = weight * Math.Pow(2, (time - reference) / halfLife);
        ref var bucket = ref Bucket(buckets.IndexOf(value));
        var before = bucket;
        bucket = Math.Max(0, bucket + decayed);
        total = Math.Max(0, total + bucket - before);
    }

    private ref double Bucket(int index)
    {
        if (weights.Length == 0)
            (first, weights) = (index, new double[1]);
        else if (index < first || index >= first + weights.Length)
        {
            var (from, to) = (Math.Min(index, first), Math.Max(index + 1, first + weights.Length));
            var wider = new double[to - from];
            weights.CopyTo(wider, first - from);
            (first, weights) = (from, wider);
        }
        return ref weights[index - first];
    }

    /// <summary>Percentiles are of proportions, so all weights may be scaled together.</summary>
    private void MoveReference(DateTimeOffset time)
    {
        var factor = Math.Pow(2, (reference - time) / halfLife);
        total = 0;
        for (var bucket = 0; bucket < weights.Length; bucket++)
            total += weights[bucket] *= factor;
        reference = time;
    }
}
