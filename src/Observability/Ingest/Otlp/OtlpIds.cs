using Fleet.Observability.Ingest.Otlp.Messages;
using Fleet.Observability.Ingest.Wire;
using Google.Protobuf;

namespace Fleet.Observability.Ingest.Otlp;

/// <summary>
/// OTLP's JSON has ids in hex where protobuf's JSON has bytes in base64. Every hex id is also base64, of other bytes, and nothing is lost by reading it so: written as base64
/// again it is the hex text.
/// </summary>
internal static class OtlpIds
{
    public static void FromJson(ExportLogsRequest request)
    {
        foreach (var record in request.ResourceLogs.SelectMany(of => of.ScopeLogs).SelectMany(of => of.LogRecords))
        {
            record.TraceId = FromHex(record.TraceId);
            record.SpanId = FromHex(record.SpanId);
        }
    }

    public static void FromJson(ExportTracesRequest request)
    {
        foreach (var span in request.ResourceSpans.SelectMany(of => of.ScopeSpans).SelectMany(of => of.Spans))
        {
            span.TraceId = FromHex(span.TraceId);
            span.SpanId = FromHex(span.SpanId);
            span.ParentSpanId = FromHex(span.ParentSpanId);
            foreach (var link in span.Links)
            {
                link.TraceId = FromHex(link.TraceId);
                link.SpanId = FromHex(link.SpanId);
            }
        }
    }

    private static ByteString FromHex(ByteString read)
    {
        if (read.IsEmpty)
            return read;
        try
        {
            return ByteString.CopyFrom(Convert.FromHexString(read.ToBase64()));
        }
        catch (FormatException failure)
        {
            throw new MalformedPayloadException("an id is not in hex", failure);
        }
    }
}
