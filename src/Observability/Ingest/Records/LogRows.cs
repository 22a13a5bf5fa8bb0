using Fleet.Observability.Ingest.Otlp;
using Fleet.Observability.Ingest.Otlp.Messages;
using NpgsqlTypes;

namespace Fleet.Observability.Ingest.Records;

/// <summary>Log records of OTLP as rows.</summary>
internal static class LogRows
{
    public static void Read(ExportLogsRequest request, RecordRows rows)
    {
        foreach (var of in request.ResourceLogs)
        {
            var source = rows.From(of.Resource);
            foreach (var scope in of.ScopeLogs)
                foreach (var record in scope.LogRecords)
                    Add(rows, source, RecordSource.ScopeOf(scope.Scope), record);
        }
    }

    private static void Add(RecordRows rows, RecordSource source, string scope, LogRecord record)
    {
        // A record without a time of its own has the time at which it was seen.
        var time = RecordWindow.Time(record.TimeUnixNano) ?? RecordWindow.Time(record.ObservedTimeUnixNano);
        var isWrong = record.TraceId.Length is not (0 or 16) || record.SpanId.Length is not (0 or 8);
        var body = RecordSource.Short(record.Body is null ? record.EventName : OtlpValues.Text(record.Body), rows.Options.LongestBody);
        rows.Add(source, new(time, record.TraceId, record.SpanId, isWrong, scope, OtlpValues.Object(record.Attributes)), longest: 0, async (import, ct) =>
        {
            await import.WriteAsync((short)Math.Clamp(record.SeverityNumber, 0, 24), NpgsqlDbType.Smallint, ct);
            await import.WriteAsync(RecordSource.Short(record.SeverityText, 64), NpgsqlDbType.Text, ct);
            await import.WriteAsync(body, NpgsqlDbType.Text, ct);
        });
    }
}
