using Fleet.Observability.Ingest.Intake;
using Fleet.Observability.Ingest.Otlp.Messages;
using Fleet.Observability.Ingest.Samples;

namespace Fleet.Observability.Ingest.Records;

/// <summary>Takes logs and spans of a cluster: what can be kept is in PostgreSQL when it returns, the rest is in the refusals.</summary>
public sealed class RecordIntake(RecordStore store, ClusterIntakes clusters, RecordOptions options, TimeProvider clock)
{
    internal Task<RecordRefusals> AcceptAsync(ClusterIdentity cluster, ExportLogsRequest request, CancellationToken ct) =>
        AcceptAsync(cluster, RecordKind.Logs, options.LogRetention, rows => LogRows.Read(request, rows), ct);

    internal Task<RecordRefusals> AcceptAsync(ClusterIdentity cluster, ExportTracesRequest request, CancellationToken ct) =>
        AcceptAsync(cluster, RecordKind.Spans, options.SpanRetention, rows => SpanRows.Read(request, rows), ct);

    private async Task<RecordRefusals> AcceptAsync(ClusterIdentity cluster, RecordKind kind, TimeSpan retention, Action<RecordRows> read, CancellationToken ct)
    {
        var rows = new RecordRows(cluster, Window(retention), options);
        read(rows);
        clusters.Of(cluster).Spend(rows.Taken.Count + rows.Refusals.Total);
        await store.SaveAsync(kind, rows.Taken, ct);
        return rows.Refusals;
    }

    private RecordWindow Window(TimeSpan retention)
    {
        var now = clock.GetUtcNow();
        // From the beginning of a day, since days go as a whole.
        return new(new DateTimeOffset((now - retention).UtcDateTime.Date, TimeSpan.Zero), now + options.Ahead);
    }
}
