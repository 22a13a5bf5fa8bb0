using Fleet.Observability.Ingest.Intake;
using Fleet.Observability.Ingest.Otlp.Messages;
using Fleet.Observability.Ingest.Samples;

namespace Fleet.Observability.Ingest.Records;

/// <summary>Takes logs and spans of a cluster: what can be kept is in PostgreSQL, or on disk on its way to its receiver, when it returns; the rest is in the refusals.</summary>
public sealed class RecordIntake(RecordStore store, ClusterIntakes clusters, RecordOptions options, TimeProvider clock, IServiceProvider services)
{
    private readonly RecordForwarding? forwarding = services.GetService<RecordForwarding>();

    internal Task<RecordRefusals> AcceptAsync(ClusterIdentity cluster, ExportLogsRequest request, CancellationToken ct) =>
        forwarding is { TakesLogs: true }
            ? ForwardAsync(cluster, request.ResourceLogs.Sum(of => of.ScopeLogs.Sum(scope => scope.LogRecords.Count)), records => forwarding.AddAsync(cluster, request, records))
            : AcceptAsync(cluster, RecordKind.Logs, options.LogRetention, rows => LogRows.Read(request, rows), ct);

    internal Task<RecordRefusals> AcceptAsync(ClusterIdentity cluster, ExportTracesRequest request, CancellationToken ct) =>
        forwarding is { TakesTraces: true }
            ? ForwardAsync(cluster, request.ResourceSpans.Sum(of => of.ScopeSpans.Sum(scope => scope.Spans.Count)), records => forwarding.AddAsync(cluster, request, records))
            : AcceptAsync(cluster, RecordKind.Spans, options.SpanRetention, rows => SpanRows.Read(request, rows), ct);

    /// <summary>What is wrong with a record its receiver says.</summary>
    private async Task<RecordRefusals> ForwardAsync(ClusterIdentity cluster, int records, Func<int, Task> add)
    {
        clusters.Of(cluster).Spend(records);
        await add(records);
        return new();
    }

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
