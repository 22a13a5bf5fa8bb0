using Fleet.Observability.Ingest.Otlp;
using Fleet.Observability.Ingest.Otlp.Messages;
using Fleet.Observability.Ingest.Samples;
using NpgsqlTypes;

namespace Fleet.Observability.Ingest.Records;

/// <summary>Log records of OTLP as rows.</summary>
internal static class LogRows
{
    public static List<RecordRow> From(ClusterIdentity cluster, ExportLogsRequest request, RecordWindow window, RecordOptions options, RecordRefusals refusals)
    {
        var rows = new List<RecordRow>();
        foreach (var of in request.ResourceLogs)
        {
            var source = new RecordSource(cluster, of.Resource);
            foreach (var scope in of.ScopeLogs)
                foreach (var record in scope.LogRecords)
                    if (Row(source, RecordSource.ScopeOf(scope.Scope), record, window, options, refusals) is { } row)
                        rows.Add(row);
        }
        return rows;
    }

    private static RecordRow? Row(RecordSource source, string scope, LogRecord record, RecordWindow window, RecordOptions options, RecordRefusals refusals)
    {
        // A record without a time of its own has the time at which it was seen.
        var time = RecordWindow.Time(record.TimeUnixNano) ?? RecordWindow.Time(record.ObservedTimeUnixNano);
        var attributes = OtlpValues.Object(record.Attributes);
        var isWrong = record.TraceId.Length is not (0 or 16) || record.SpanId.Length is not (0 or 8);
        var reason = window.Refusal(time) ?? (isWrong ? "wrong_id" : Math.Max(attributes.Length, source.Attributes.Length) > options.LongestAttributes ? "too_long" : null);
        if (reason is not null)
        {
            refusals.Add(reason);
            return null;
        }
        var body = RecordSource.Short(record.Body is null ? record.EventName : OtlpValues.Text(record.Body), options.LongestBody);
        return new(time!.Value, async (import, ct) =>
        {
            await import.WriteAsync(time.Value, NpgsqlDbType.TimestampTz, ct);
            await source.WriteAsync(import, ct);
            await import.WriteAsync((short)Math.Clamp(record.SeverityNumber, 0, 24), NpgsqlDbType.Smallint, ct);
            await import.WriteAsync(RecordSource.Short(record.SeverityText, 64), NpgsqlDbType.Text, ct);
            await import.WriteAsync(body, NpgsqlDbType.Text, ct);
            await import.WriteIdAsync(record.TraceId, ct);
            await import.WriteIdAsync(record.SpanId, ct);
            await import.WriteAsync(scope, NpgsqlDbType.Text, ct);
            await import.WriteAsync(attributes, NpgsqlDbType.Jsonb, ct);
            await import.WriteAsync(source.Attributes, NpgsqlDbType.Jsonb, ct);
        });
    }
}
