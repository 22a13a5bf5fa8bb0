namespace Fleet.Cost.Rightsizing;

/// <summary>Ranges of values that a histogram tells apart. Pure.</summary>
public sealed class HistogramBuckets
{
    private readonly double first;
    private readonly double ratio;

    private HistogramBuckets(double first, double ratio, double most)
    {
        this.first = first;
        this.ratio = ratio;
        Count = IndexOf(most, int.MaxValue) + 2;
    }

    /// <summary>Cores: from 0.01 to 1,000, each 5 % wider than the one before, as the vertical pod autoscaler has them.</summary>
    public static HistogramBuckets Cpu { get; } = new(0.01, 1.05, 1000);

    /// <summary>Bytes: from 10 MB to 1 TB, likewise.</summary>
    public static HistogramBuckets Memory { get; } = new(1e7, 1.05, 1e12);

    public int Count { get; }

    /// <summary>All of the same width.</summary>
    public static HistogramBuckets Linear(double width, double most) => new(width, 1, most);

    /// <summary>Where a bucket begins: first × (ratio^n − 1) / (ratio − 1).</summary>
    public double StartOf(int bucket) => ratio == 1 ? first * bucket : first * (Math.Pow(ratio, bucket) - 1) / (ratio - 1);

    /// <summary>The bucket of a value; what is beyond the last one is in the last.</summary>
    public int IndexOf(double value) => IndexOf(value, Count - 1);

    private int IndexOf(double value, int last)
    {
        if (!(value >= first))
            return 0;
        var index = ratio == 1 ? value / first : Math.Log(value * (ratio - 1) / first + 1) / Math.Log(ratio);
        return index >= last ? last : (int)index;
    }
}
