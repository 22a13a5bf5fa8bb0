using System.Diagnostics.Metrics;
using Fleet.Control.Metrics;

namespace Fleet.Control.Tests.Metrics;

public sealed class OpenMetricsExporterTests : IDisposable
{
    private readonly Meter meter = new("Test." + Guid.NewGuid().ToString("N"));
    private readonly OpenMetricsExporter exporter;

    public OpenMetricsExporterTests() => exporter = new(meter.Name);

    public void Dispose()
    {
        exporter.Dispose();
        meter.Dispose();
    }

    [Fact]
    public void Counters_gauges_and_histograms_are_written_as_OpenMetrics()
    {
        var outcomes = meter.CreateCounter<long>("fleet.reconcile.outcomes", "{reconcile}", "Finished reconciles");
        outcomes.Add(0, new("controller", "b"), new("outcome", "done"));
        outcomes.Add(2, new("outcome", "done"), new("controller", "a"));
        outcomes.Add(3, new("controller", "a"), new("outcome", "done"));
        var active = meter.CreateUpDownCounter<long>("fleet.active");
        active.Add(2);
        active.Add(-1);
        var depth = 7;
        meter.CreateObservableGauge("fleet.depth", () => depth);
        var took = meter.CreateHistogram<double>("fleet.took", "s", null, null, new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.1, 1] });
        took.Record(0.05);
        took.Record(1);
        took.Record(30.5);
        Assert.Equal("""
            # TYPE fleet_active gauge
            fleet_active 1
            # TYPE fleet_depth gauge
            fleet_depth 7
            # TYPE fleet_reconcile_outcomes counter
            # HELP fleet_reconcile_outcomes Finished reconciles
            fleet_reconcile_outcomes_total{controller="a",outcome="done"} 5
            fleet_reconcile_outcomes_total{controller="b",outcome="done"} 0
            # TYPE fleet_took_seconds histogram
            # UNIT fleet_took_seconds seconds
            fleet_took_seconds_bucket{le="0.1"} 1
            fleet_took_seconds_bucket{le="1"} 2
            fleet_took_seconds_bucket{le="+Inf"} 3
            fleet_took_seconds_count 3
            fleet_took_seconds_sum 31.55
            # EOF

            """, Text());
        depth = 8;
        Assert.Contains("fleet_depth 8\n", Text(), StringComparison.Ordinal);
    }

    [Fact]
    public void Labels_are_escaped()
    {
        meter.CreateCounter<int>("c").Add(1, new KeyValuePair<string, object?>("who", "a \"b\"\\\nc"));
        Assert.Contains("c_total{who=\"a \\\"b\\\"\\\\\\nc\"} 1\n", Text(), StringComparison.Ordinal);
    }

    [Fact]
    public void Series_beyond_the_limit_are_summed_up_in_one()
    {
        var counter = meter.CreateCounter<long>("c");
        for (var i = 0; i < OpenMetricsExporter.SeriesLimit + 50; i++)
            counter.Add(1, new KeyValuePair<string, object?>("cluster", i));
        var lines = Text().Split('\n');
        Assert.Contains("c_total{otel_metric_overflow=\"true\"} 50", lines);
        Assert.Equal(OpenMetricsExporter.SeriesLimit + 1, lines.Count(l => l.StartsWith("c_total", StringComparison.Ordinal)));
    }

    private string Text()
    {
        var writer = new StringWriter();
        exporter.Write(writer);
        return writer.ToString();
    }
}
