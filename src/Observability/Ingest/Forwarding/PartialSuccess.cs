using Fleet.Kubernetes.Core;
using Fleet.Observability.Ingest.Wire;

namespace Fleet.Observability.Ingest.Forwarding;

/// <summary>The answer to an OTLP export, which is the same for all signals: partial_success=1 {rejected=1, error_message=2}. The message is the receiver's and is not repeated.</summary>
internal static class PartialSuccess
{
    private const int LargestAnswer = 64 * 1024;

    public static async Task<long> RefusedAsync(HttpResponseMessage response, CancellationToken ct)
    {
        if (response.Content.Headers.ContentType?.MediaType != "application/x-protobuf")
            return 0;
        try
        {
            await using var body = new BoundedStream(await response.Content.ReadAsStreamAsync(ct), LargestAnswer);
            using var bytes = new MemoryStream();
            await body.CopyToAsync(bytes, ct);
            return Refused(bytes.GetBuffer().AsSpan(0, (int)bytes.Length));
        }
        catch (Exception e) when (e is MalformedPayloadException or InvalidDataException)
        {
            // It was taken; how much of it is not said in a way that can be read.
            return 0;
        }
    }

    internal static long Refused(ReadOnlySpan<byte> answer)
    {
        long refused = 0;
        var reader = new ProtoReader(answer);
        while (reader.Next())
        {
            if (reader.Field != 1 || reader.Type != WireType.Bytes)
            {
                reader.Skip();
                continue;
            }
            var (start, length) = reader.BytesField();
            var partial = new ProtoReader(answer.Slice(start, length));
            while (partial.Next())
            {
                if (partial.Field == 1)
                    refused = Math.Max(0, (long)partial.VarintField());
                else
                    partial.Skip();
            }
        }
        return refused;
    }
}
