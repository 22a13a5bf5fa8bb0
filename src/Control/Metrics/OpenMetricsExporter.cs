using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace Fleet.Control.Metrics;

/// <summary>
/// Collects every instrument of the meters whose name begins with one of the given prefixes and writes them as OpenMetrics text.
/// One instrument keeps at most <see cref="SeriesLimit"/> series; what comes after is summed up under <c>otel_metric_overflow="true"</c>,
/// so that labels which grow with the fleet cannot exhaust memory.
/// </summary>
public sealed class OpenMetricsExporter : IDisposable
{
    /// <summary>OpenTelemetry's own default for the cardinality of an instrument.</summary>
    public const int SeriesLimit = 2000;

    /// <summary>
    /// Observable instruments report what there is, which does not grow by itself, so they may have more: 10,000 clusters with a few conditions each. Summing the
    /// rest up would make nonsense of their values.
    /// </summary>
    public const int ObservedSeriesLimit = 100_000;

    private readonly MeterListener listener = new();
    private readonly ConcurrentDictionary<Instrument, MetricFamily> families = new();
    private readonly Lock collecting = new();

    public OpenMetricsExporter(params string[] meterPrefixes) : this(null, meterPrefixes)
    {
    }

    /// <param name="own">Meters that another factory has made are left out: two hosts in one process must not tell each other's values.</param>
    public OpenMetricsExporter(IMeterFactory? own, params string[] meterPrefixes)
    {
        listener.InstrumentPublished = (instrument, l) =>
        {
            if (own is not null && instrument.Meter.Scope is IMeterFactory other && !ReferenceEquals(other, own))
                return;
            if (!meterPrefixes.Any(p => instrument.Meter.Name.StartsWith(p, StringComparison.Ordinal)))
                return;
            families.TryAdd(instrument, new MetricFamily(instrument, instrument.IsObservable ? ObservedSeriesLimit : SeriesLimit));
            l.EnableMeasurementEvents(instrument, families[instrument]);
        };
        listener.MeasurementsCompleted = (instrument, _) => families.TryRemove(instrument, out MetricFamily? _);
        listener.SetMeasurementEventCallback<long>((_, value, tags, state) => ((MetricFamily)state!).Record(value, tags));
        listener.SetMeasurementEventCallback<int>((_, value, tags, state) => ((MetricFamily)state!).Record(value, tags));
        listener.SetMeasurementEventCallback<double>((_, value, tags, state) => ((MetricFamily)state!).Record(value, tags));
        listener.SetMeasurementEventCallback<float>((_, value, tags, state) => ((MetricFamily)state!).Record(value, tags));
        listener.Start();
    }

    /// <summary>Asks the observable instruments, then writes everything; ends with <c># EOF</c>.</summary>
    public void Write(TextWriter writer)
    {
        lock (collecting)
        {
            foreach (var family in families.Values)
                family.BeginCollect();
            listener.RecordObservableInstruments();
            // Two meters may have an instrument of the same name; a family may appear only once.
            foreach (var group in families.Values.GroupBy(f => f.Name).OrderBy(g => g.Key, StringComparer.Ordinal))
                MetricText.Write(writer, [.. group]);
            writer.Write("# EOF\n");
        }
    }

    public void Dispose() => listener.Dispose();
}
