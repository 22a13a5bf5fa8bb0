using System.Globalization;
using System.Text;
using Fleet.Observability.Ingest.Otlp.Messages;
using Fleet.Observability.Ingest.Samples;
using Fleet.Observability.Ingest.Wire;

namespace Fleet.Observability.Ingest.Otlp;

/// <summary>
/// OpenTelemetry's metrics as Prometheus' samples. Only cumulative ones: a delta that is sent twice or not at all can not be recognised, so it is refused.
/// </summary>
internal sealed class MetricSamples(AcceptedSamples accepted) : IDisposable
{
    private const int Cumulative = 2;
    private const uint NoRecordedValue = 1;
    private const ulong StaleMarker = 0x7ff0000000000002;

    private readonly PooledBytes text = new();
    private readonly SeriesBuffer series = new(accepted.Limits);

    public void Dispose() => text.Dispose();

    public void Read(ExportMetricsRequest request)
    {
        foreach (var of in request.ResourceMetrics)
        {
            var resource = new ResourceLabels(of.Resource?.Attributes ?? []);
            long latest = 0;
            foreach (var scope in of.ScopeMetrics)
                foreach (var metric in scope.Metrics)
                    latest = Math.Max(latest, Read(metric, resource, scope.Scope));
            if (latest > 0 && resource.Info is { } info)
                Write("target_info", info, [], [], latest, 1);
        }
    }

    /// <summary>The time of the latest point.</summary>
    private long Read(Metric metric, ResourceLabels resource, InstrumentationScope? scope)
    {
        var labels = resource.WithScope(scope);
        var name = OtlpNames.Metric(
            metric.Name, metric.Unit, metric.DataCase == Metric.DataOneofCase.Sum && metric.Sum.IsMonotonic, metric.DataCase == Metric.DataOneofCase.Gauge);
        switch (metric.DataCase)
        {
            case Metric.DataOneofCase.Gauge:
                return Numbers(name, labels, metric.Gauge.DataPoints);
            case Metric.DataOneofCase.Sum when metric.Sum.AggregationTemporality == Cumulative:
                return Numbers(name, labels, metric.Sum.DataPoints);
            case Metric.DataOneofCase.Sum:
                return Refuse(RefusalReason.DeltaTemporality, name, metric.Sum.DataPoints.Count);
            case Metric.DataOneofCase.Histogram when metric.Histogram.AggregationTemporality == Cumulative:
                return Histograms(name, labels, metric.Histogram.DataPoints);
            case Metric.DataOneofCase.Histogram:
                return Refuse(RefusalReason.DeltaTemporality, name, metric.Histogram.DataPoints.Count);
            case Metric.DataOneofCase.Summary:
                return Summaries(name, labels, metric.Summary.DataPoints);
            case Metric.DataOneofCase.ExponentialHistogram:
                return Refuse(RefusalReason.NativeHistogram, name, metric.ExponentialHistogram.DataPoints.Count);
            default:
                return Refuse(RefusalReason.UnknownMetricType, name, 1);
        }
    }

    private long Refuse(RefusalReason reason, string name, int points)
    {
        if (points > 0)
            accepted.Refusals.Add(reason, points, Encoding.UTF8.GetBytes(name));
        return 0;
    }

    private long Numbers(string name, IReadOnlyList<KeyValuePair<string, string>> labels, IEnumerable<NumberDataPoint> points)
    {
        long latest = 0;
        foreach (var point in points)
        {
            var time = Milliseconds(point.TimeUnixNano);
            latest = Math.Max(latest, time);
            double value = point.ValueCase == NumberDataPoint.ValueOneofCase.AsInt ? point.AsInt : point.AsDouble;
            Write(name, labels, point.Attributes, [], time, Value(value, point.Flags));
        }
        return latest;
    }

    private long Histograms(string name, IReadOnlyList<KeyValuePair<string, string>> labels, IEnumerable<HistogramDataPoint> points)
    {
        long latest = 0;
        foreach (var point in points)
        {
            var time = Milliseconds(point.TimeUnixNano);
            latest = Math.Max(latest, time);
            if (point.BucketCounts.Count > 0 && point.BucketCounts.Count != point.ExplicitBounds.Count + 1)
                throw new MalformedPayloadException("a histogram has one more bucket than bounds");
            ulong below = 0;
            for (var i = 0; i < point.ExplicitBounds.Count && i < point.BucketCounts.Count; i++)
            {
                below += point.BucketCounts[i];
                Write(name + "_bucket", labels, point.Attributes, [new("le", Number(point.ExplicitBounds[i]))], time, Value(below, point.Flags));
            }
            Write(name + "_bucket", labels, point.Attributes, [new("le", "+Inf")], time, Value(point.Count, point.Flags));
            Write(name + "_count", labels, point.Attributes, [], time, Value(point.Count, point.Flags));
            if (point.HasSum)
                Write(name + "_sum", labels, point.Attributes, [], time, Value(point.Sum, point.Flags));
        }
        return latest;
    }

    private long Summaries(string name, IReadOnlyList<KeyValuePair<string, string>> labels, IEnumerable<SummaryDataPoint> points)
    {
        long latest = 0;
        foreach (var point in points)
        {
            var time = Milliseconds(point.TimeUnixNano);
            latest = Math.Max(latest, time);
            foreach (var quantile in point.QuantileValues)
                Write(name, labels, point.Attributes, [new("quantile", Number(quantile.Quantile))], time, Value(quantile.Value, point.Flags));
            Write(name + "_count", labels, point.Attributes, [], time, Value(point.Count, point.Flags));
            Write(name + "_sum", labels, point.Attributes, [], time, Value(point.Sum, point.Flags));
        }
        return latest;
    }

    /// <summary>JSON may have the time as a number, and then it went through a double, which is exact to 256 ns in these years: without the rounding such a time falls a millisecond early.</summary>
    private static long Milliseconds(ulong nanoseconds) => (long)((nanoseconds + 500) / 1_000_000);

    private static double Value(double value, uint flags) => (flags & NoRecordedValue) != 0 ? BitConverter.UInt64BitsToDouble(StaleMarker) : value;

    /// <summary>As Prometheus writes <c>le</c> and <c>quantile</c>, without exponents.</summary>
    private static string Number(double value) => value switch
    {
        double.PositiveInfinity => "+Inf",
        double.NegativeInfinity => "-Inf",
        _ when Math.Abs(value) < 1e15 => value.ToString("0.###############", CultureInfo.InvariantCulture),
        _ => value.ToString("R", CultureInfo.InvariantCulture),
    };

    private void Write(
        string name, IReadOnlyList<KeyValuePair<string, string>> resource, IEnumerable<KeyValue> attributes, ReadOnlySpan<KeyValuePair<string, string>> own, long time, double value)
    {
        accepted.CountSample();
        var labels = new SortedDictionary<string, string>(StringComparer.Ordinal);
        // Two keys that become one name: both values, in the order of the keys.
        foreach (var attribute in attributes.OrderBy(one => one.Key, StringComparer.Ordinal))
            if (OtlpNames.Label(attribute.Key) is { Length: > 0 } key && OtlpValues.Text(attribute.Value) is { Length: > 0 } held)
                labels[key] = labels.TryGetValue(key, out var other) ? $"{other};{held}" : held;
        foreach (var (key, held) in resource)
            labels[key] = held;
        foreach (var (key, held) in own)
            labels[key] = held;
        labels["__name__"] = name;

        series.Clear();
        text.Truncate(0);
        foreach (var (key, held) in labels)
        {
            var start = Append(key);
            var middle = Append(held);
            series.Add(new LabelPlace(start, middle - start, middle, text.Length - middle));
        }
        series.Add(new Sample(time, BitConverter.DoubleToUInt64Bits(value)));
        accepted.Add(text.Span, series);
    }

    private int Append(string part)
    {
        var start = text.Length;
        text.Advance(Encoding.UTF8.GetBytes(part, text.GetSpan(Encoding.UTF8.GetMaxByteCount(part.Length))));
        return start;
    }
}
