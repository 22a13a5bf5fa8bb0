using System.Diagnostics.Metrics;

namespace Fleet.Rest;

/// <summary>Instruments of the admin API.</summary>
public sealed class ApiMetrics
{
    public const string MeterName = "Fleet.Rest";

    private readonly Histogram<double> duration;
    private readonly UpDownCounter<long> streams;
    private readonly Counter<long> cut;
    private readonly Counter<long> auditDropped;
    private readonly Counter<long> auditFailures;

    public ApiMetrics(IMeterFactory factory)
    {
        var meter = factory.Create(MeterName);
        duration = meter.CreateHistogram<double>("fleet.api.request.duration", "s", "Time of one call of the admin API");
        streams = meter.CreateUpDownCounter<long>("fleet.api.streams.active", "{stream}", "Streams of changes that are open");
        cut = meter.CreateCounter<long>("fleet.api.streams.cut", "{stream}", "Streams that were ended because their reader was too slow");
        auditDropped = meter.CreateCounter<long>("fleet.audit.dropped", "{entry}", "Audit entries of reads that were dropped because the queue was full");
        auditFailures = meter.CreateCounter<long>("fleet.audit.failures", "{attempt}", "Attempts to write the audit that failed");
        streams.Add(0);
        cut.Add(0);
        auditDropped.Add(0);
        auditFailures.Add(0);
    }

    /// <summary>The route is the pattern of the endpoint, never the path, so that series do not grow with the fleet.</summary>
    public void Answered(HttpContext http, int status, TimeSpan took) => duration.Record(
        took.TotalSeconds,
        new("method", http.Request.Method),
        new("route", (http.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText ?? ""),
        new("status", status));

    public void StreamOpened() => streams.Add(1);

    public void StreamClosed() => streams.Add(-1);

    public void StreamCut() => cut.Add(1);

    public void AuditDropped() => auditDropped.Add(1);

    public void AuditFailed() => auditFailures.Add(1);
}
