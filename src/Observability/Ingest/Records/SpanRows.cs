using System.Buffers;
using System.Text.Json;
using Fleet.Observability.Ingest.Otlp;
using Fleet.Observability.Ingest.Otlp.Messages;
using NpgsqlTypes;

namespace Fleet.Observability.Ingest.Records;

/// <summary>Spans of OTLP as rows.</summary>
internal static class SpanRows
{
    public static void Read(ExportTracesRequest request, RecordRows rows)
    {
        foreach (var of in request.ResourceSpans)
        {
            var source = rows.From(of.Resource);
            foreach (var scope in of.ScopeSpans)
                foreach (var span in scope.Spans)
                    Add(rows, source, RecordSource.ScopeOf(scope.Scope), span);
        }
    }

    private static void Add(RecordRows rows, RecordSource source, string scope, Span span)
    {
        var events = Json(writer => WriteEvents(writer, span));
        var links = Json(writer => WriteLinks(writer, span));
        var isWrong = span.TraceId.Length != 16 || span.SpanId.Length != 8 || span.ParentSpanId.Length is not (0 or 8) || span.TraceId.Span.IndexOfAnyExcept((byte)0) < 0;
        var duration = span.EndTimeUnixNano > span.StartTimeUnixNano ? (long)Math.Min(span.EndTimeUnixNano - span.StartTimeUnixNano, long.MaxValue) : 0;
        var head = new RecordHead(RecordWindow.Time(span.StartTimeUnixNano), span.TraceId, span.SpanId, isWrong, scope, OtlpValues.Object(span.Attributes));
        rows.Add(source, head, Math.Max(events.Length, links.Length), async (import, ct) =>
        {
            await import.WriteAsync(duration, NpgsqlDbType.Bigint, ct);
            await import.WriteIdAsync(span.ParentSpanId, ct);
            await import.WriteAsync(RecordSource.Short(span.Name), NpgsqlDbType.Text, ct);
            await import.WriteAsync((short)Math.Clamp(span.Kind, 0, 5), NpgsqlDbType.Smallint, ct);
            await import.WriteAsync((short)Math.Clamp(span.Status?.Code ?? 0, 0, 2), NpgsqlDbType.Smallint, ct);
            await import.WriteAsync(RecordSource.Short(span.Status?.Message ?? "", 4096), NpgsqlDbType.Text, ct);
            await import.WriteAsync(events, NpgsqlDbType.Jsonb, ct);
            await import.WriteAsync(links, NpgsqlDbType.Jsonb, ct);
        });
    }

    private static void WriteEvents(Utf8JsonWriter writer, Span span)
    {
        foreach (var one in span.Events)
        {
            writer.WriteStartObject();
            writer.WriteNumber("timeUnixNano", one.TimeUnixNano);
            writer.WriteString("name", OtlpValues.Storable(one.Name));
            writer.WritePropertyName("attributes");
            OtlpValues.Write(writer, one.Attributes);
            writer.WriteEndObject();
        }
    }

    private static void WriteLinks(Utf8JsonWriter writer, Span span)
    {
        foreach (var one in span.Links)
        {
            writer.WriteStartObject();
            writer.WriteString("traceId", Convert.ToHexStringLower(one.TraceId.Span));
            writer.WriteString("spanId", Convert.ToHexStringLower(one.SpanId.Span));
            writer.WritePropertyName("attributes");
            OtlpValues.Write(writer, one.Attributes);
            writer.WriteEndObject();
        }
    }

    private static ReadOnlyMemory<byte> Json(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartArray();
            write(writer);
            writer.WriteEndArray();
        }
        return buffer.WrittenMemory;
    }
}
