using Fleet.Observability.Ingest.Intake;
using Fleet.Observability.Ingest.Otlp.Messages;
using Fleet.Observability.Ingest.Samples;

namespace Fleet.Observability.Ingest.Records;

/// <summary>Takes logs and spans of a cluster: what can be kept is in PostgreSQL when it returns, the rest is in the refusals.</summary>
public sealed class RecordIntake(RecordStore store, ClusterIntakes clusters, RecordOptions options, TimeProvider clock)
{
    internal async Task<RecordRefusals> AcceptAsync(ClusterIdentity cluster, ExportLogsRequest request, CancellationToken ct)
    {
        var refusals = new RecordRefusals();
        var rows = LogRows.From(cluster, request, Window(options.LogRetention), options, refusals);
        clusters.Of(cluster).Spend(rows.Count + refusals.Total);
        await store.SaveAsync(RecordKind.Logs, rows, ct);
        return refusals;
    }

    internal async Task<RecordRefusals> AcceptAsync(ClusterIdentity cluster, ExportTracesRequest request, CancellationToken ct)
    {
        var refusals = new RecordRefusals();
        var rows = SpanRows.From(cluster, request, Window(options.SpanRetention), options, refusals);
        clusters.Of(cluster).Spend(rows.Count + refusals.Total);
        await store.SaveAsync(RecordKind.Spans, rows, ct);
        return refusals;
    }

    private RecordWindow Window(TimeSpan retention)
    {
        var now = clock.GetUtcNow();
        // From the beginning of a day, since days go as a whole.
        return new(new DateTimeOffset((now - retention).UtcDateTime.Date, TimeSpan.Zero), now + options.Ahead);
    }
}
