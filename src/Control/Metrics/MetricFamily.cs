using System.Diagnostics.Metrics;

namespace Fleet.Control.Metrics;

internal enum MetricType { Counter, Gauge, Histogram }

/// <summary>All series of one instrument.</summary>
internal sealed class MetricFamily
{
    /// <summary>OpenTelemetry's advice for durations in seconds, with room above for Helm.</summary>
    private static readonly double[] Seconds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300];

    private static readonly double[] Plain = [0, 5, 10, 25, 50, 75, 100, 250, 500, 750, 1000, 2500, 5000, 7500, 10000];

    private readonly Lock gate = new();
    private readonly Dictionary<string, MetricSeries> series = [];
    private readonly int limit;
    private readonly bool observed;
    private readonly double[] bounds;

    public MetricFamily(Instrument instrument, int limit)
    {
        this.limit = limit;
        observed = instrument.IsObservable;
        Type = TypeOf(instrument);
        Name = MetricText.Name(instrument.Name, instrument.Unit);
        Unit = MetricText.UnitOf(instrument.Unit);
        Help = instrument.Description ?? "";
        bounds = (instrument as Histogram<double>)?.Advice?.HistogramBucketBoundaries?.ToArray() ?? (instrument.Unit == "s" ? Seconds : Plain);
    }

    public MetricType Type { get; }

    public string Name { get; }

    public string Unit { get; }

    public string Help { get; }

    public void Record(double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var labels = MetricText.Labels(tags);
        lock (gate)
        {
            if (!series.TryGetValue(labels, out var found))
            {
                if (series.Count >= limit)
                    labels = "otel_metric_overflow=\"true\"";
                if (!series.TryGetValue(labels, out found))
                    series[labels] = found = new MetricSeries(labels, Type == MetricType.Histogram ? bounds : []);
            }
            found.Record(value, Type, observed);
        }
    }

    /// <summary>An observable instrument says all it has at each collection: what it no longer reports is gone.</summary>
    public void BeginCollect()
    {
        if (!observed)
            return;
        lock (gate)
            series.Clear();
    }

    public IReadOnlyList<MetricSeries> Snapshot()
    {
        lock (gate)
            return [.. series.Values.Select(s => s.Copy()).OrderBy(s => s.Labels, StringComparer.Ordinal)];
    }

    private static MetricType TypeOf(Instrument instrument)
    {
        var type = instrument.GetType();
        var generic = type.IsGenericType ? type.GetGenericTypeDefinition() : type;
        if (generic == typeof(Histogram<>))
            return MetricType.Histogram;
        return generic == typeof(Counter<>) || generic == typeof(ObservableCounter<>) ? MetricType.Counter : MetricType.Gauge;
    }
}
