using System.Buffers;
using System.Text.Json;
using Fleet.Observability.Ingest.Otlp;
using Fleet.Observability.Ingest.Otlp.Messages;
using Fleet.Observability.Ingest.Samples;
using NpgsqlTypes;

namespace Fleet.Observability.Ingest.Records;

/// <summary>Spans of OTLP as rows.</summary>
internal static class SpanRows
{
    public static List<RecordRow> From(ClusterIdentity cluster, ExportTracesRequest request, RecordWindow window, RecordOptions options, RecordRefusals refusals)
    {
        var rows = new List<RecordRow>();
        foreach (var of in request.ResourceSpans)
        {
            var source = new RecordSource(cluster, of.Resource);
            foreach (var scope in of.ScopeSpans)
                foreach (var span in scope.Spans)
                    if (Row(source, RecordSource.ScopeOf(scope.Scope), span, window, options, refusals) is { } row)
                        rows.Add(row);
        }
        return rows;
    }

    private static RecordRow? Row(RecordSource source, string scope, Span span, RecordWindow window, RecordOptions options, RecordRefusals refusals)
    {
        var time = RecordWindow.Time(span.StartTimeUnixNano);
        var attributes = OtlpValues.Object(span.Attributes);
        var events = Json(writer => WriteEvents(writer, span));
        var links = Json(writer => WriteLinks(writer, span));
        var isWrong = span.TraceId.Length != 16 || span.SpanId.Length != 8 || span.ParentSpanId.Length is not (0 or 8) || span.TraceId.Span.IndexOfAnyExcept((byte)0) < 0;
        var longest = Math.Max(Math.Max(attributes.Length, source.Attributes.Length), Math.Max(events.Length, links.Length));
        var reason = window.Refusal(time) ?? (isWrong ? "wrong_id" : longest > options.LongestAttributes ? "too_long" : null);
        if (reason is not null)
        {
            refusals.Add(reason);
            return null;
        }
        var duration = span.EndTimeUnixNano > span.StartTimeUnixNano ? (long)Math.Min(span.EndTimeUnixNano - span.StartTimeUnixNano, long.MaxValue) : 0;
        return new(time!.Value, async (import, ct) =>
        {
            await import.WriteAsync(time.Value, NpgsqlDbType.TimestampTz, ct);
            await import.WriteAsync(duration, NpgsqlDbType.Bigint, ct);
            await source.WriteAsync(import, ct);
            await import.WriteIdAsync(span.TraceId, ct);
            await import.WriteIdAsync(span.SpanId, ct);
            await import.WriteIdAsync(span.ParentSpanId, ct);
            await import.WriteAsync(RecordSource.Short(span.Name), NpgsqlDbType.Text, ct);
            await import.WriteAsync((short)Math.Clamp(span.Kind, 0, 5), NpgsqlDbType.Smallint, ct);
            await import.WriteAsync((short)Math.Clamp(span.Status?.Code ?? 0, 0, 2), NpgsqlDbType.Smallint, ct);
            await import.WriteAsync(RecordSource.Short(span.Status?.Message ?? "", 4096), NpgsqlDbType.Text, ct);
            await import.WriteAsync(scope, NpgsqlDbType.Text, ct);
            await import.WriteAsync(attributes, NpgsqlDbType.Jsonb, ct);
            await import.WriteAsync(source.Attributes, NpgsqlDbType.Jsonb, ct);
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
