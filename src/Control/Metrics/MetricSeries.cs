namespace Fleet.Control.Metrics;

/// <summary>One series: a value, or the buckets of a histogram.</summary>
internal sealed class MetricSeries(string labels, double[] bounds)
{
    private long[] counts = new long[bounds.Length == 0 ? 0 : bounds.Length + 1];

    public string Labels { get; } = labels;

    public IReadOnlyList<double> Bounds => bounds;

    /// <summary>Per bucket, not cumulative; the last one is above all bounds.</summary>
    public IReadOnlyList<long> Counts => counts;

    /// <summary>The value, or the sum of a histogram.</summary>
    public double Value { get; private set; }

    public void Record(double value, MetricType type, bool observed)
    {
        if (type == MetricType.Histogram)
        {
            var bucket = Array.BinarySearch(bounds, value);
            counts[bucket < 0 ? ~bucket : bucket]++;
        }
        // A Gauge<T> reports its value, an UpDownCounter a difference; the runtime has no Gauge in this code base.
        Value = observed ? value : Value + value;
    }

    public MetricSeries Copy() => new(Labels, bounds) { Value = Value, counts = [.. counts] };
}
