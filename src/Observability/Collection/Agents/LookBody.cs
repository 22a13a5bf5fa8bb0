using System.IO.Compression;
using System.Text.Json;
using Fleet.Kubernetes.Core;
using Fleet.Observability.Ingest.Wire;

namespace Fleet.Observability.Collection.Agents;

/// <summary>A look as it is sent: JSON with gzip.</summary>
internal static class LookBody
{
    private const int MostDecodedBytes = 64 * 1024 * 1024;

    /// <exception cref="MalformedPayloadException">It is none.</exception>
    public static async Task<LookDocument> ReadAsync(byte[] body)
    {
        try
        {
            await using var gzip = new BoundedStream(new GZipStream(new MemoryStream(body, writable: false), CompressionMode.Decompress), MostDecodedBytes);
            return await JsonSerializer.DeserializeAsync(gzip, LookJson.Default.LookDocument) ?? throw new MalformedPayloadException("this is no look");
        }
        catch (Exception e) when (e is JsonException or InvalidDataException or NotSupportedException)
        {
            throw new MalformedPayloadException("this is no look in JSON with gzip", e);
        }
    }

    /// <summary>gzip ends with the length of what it holds.</summary>
    /// <exception cref="MalformedPayloadException">It is none.</exception>
    /// <exception cref="PayloadTooLargeException">It says that it is larger than it may be.</exception>
    public static int DecodedLength(ReadOnlyMemory<byte> body)
    {
        if (body.Length < 18)
            throw new MalformedPayloadException("this is no gzip");
        var length = System.Buffers.Binary.BinaryPrimitives.ReadUInt32LittleEndian(body.Span[^4..]);
        return length <= MostDecodedBytes ? (int)length : throw new PayloadTooLargeException($"a look has at most {MostDecodedBytes} bytes before compression");
    }
}
