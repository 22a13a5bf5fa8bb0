using System.Runtime.InteropServices;

namespace Fleet.Observability.Ingest.Samples;

/// <summary>One series as it is read: places in the payload, not copies. Used again for the next one.</summary>
internal sealed class SeriesBuffer(SampleLimits limits)
{
    private readonly List<LabelPlace> labels = [];
    private readonly List<Sample> samples = [];
    private readonly List<HistogramPlace> histograms = [];
    private readonly List<Exemplar> exemplars = [];

    public ReadOnlySpan<LabelPlace> Labels => CollectionsMarshal.AsSpan(labels)[..SeriesLabels];

    public ReadOnlySpan<Sample> Samples => CollectionsMarshal.AsSpan(samples);

    public ReadOnlySpan<HistogramPlace> Histograms => CollectionsMarshal.AsSpan(histograms);

    public ReadOnlySpan<Exemplar> Exemplars => CollectionsMarshal.AsSpan(exemplars);

    public bool HasTooManyLabels { get; private set; }

    /// <summary>Where all labels lie in the payload, when they lie together; null when they do not.</summary>
    public SeriesHead? Head { get; set; }

    private int SeriesLabels { get; set; }

    public void Clear()
    {
        labels.Clear();
        samples.Clear();
        histograms.Clear();
        exemplars.Clear();
        (HasTooManyLabels, SeriesLabels, Head) = (false, 0, null);
    }

    public void Add(LabelPlace label)
    {
        // One more than the limit says that there are too many; more are not kept.
        if (labels.Count > limits.Labels)
        {
            HasTooManyLabels = true;
            return;
        }
        labels.Add(label);
        SeriesLabels = labels.Count;
        HasTooManyLabels |= labels.Count > limits.Labels;
    }

    public void Add(Sample sample) => samples.Add(sample);

    public void Add(HistogramPlace histogram) => histograms.Add(histogram);

    /// <summary>The labels of an exemplar are those of its request field, in the payload as remote write 1.0 writes them.</summary>
    public void Add(Exemplar exemplar) => exemplars.Add(exemplar);
}

/// <param name="Hash">Of its bytes.</param>
internal readonly record struct SeriesHead(int Start, int Length, ulong Hash);

/// <summary>Where name and value of a label lie in the payload.</summary>
internal readonly record struct LabelPlace(int Name, int NameLength, int Value, int ValueLength);

/// <param name="Bits">Of the value: a stale marker is a NaN of its own, which arithmetic would lose.</param>
internal readonly record struct Sample(long Timestamp, ulong Bits);

/// <summary>A native histogram goes on as it is.</summary>
internal readonly record struct HistogramPlace(int Start, int Length, long Timestamp);

/// <param name="Field">The whole message as remote write 1.0 has it.</param>
internal readonly record struct Exemplar(byte[] Field);
