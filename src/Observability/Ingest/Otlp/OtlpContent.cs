using System.Buffers.Binary;
using System.IO.Compression;
using Fleet.Observability.Ingest.Wire;
using Google.Protobuf;
using Microsoft.Net.Http.Headers;

namespace Fleet.Observability.Ingest.Otlp;

/// <summary>Both encodings of OTLP/HTTP, with or without gzip.</summary>
internal sealed record OtlpContent(bool IsJson, bool IsCompressed)
{
    /// <summary>
    /// A message of two bytes becomes an object of about a hundred, so a payload is kept smaller than one of remote write, and takes more of the memory that requests share.
    /// </summary>
    public const int MostDecodedBytes = 8 * 1024 * 1024;
    public const int MemoryFactor = 24;

    private const int DeepestNesting = 32;
    private static readonly JsonParser Json = new(JsonParser.Settings.Default.WithIgnoreUnknownFields(true).WithRecursionLimit(DeepestNesting));
    private static readonly JsonFormatter ToJson = new(JsonFormatter.Settings.Default);

    public string ContentType => IsJson ? "application/json" : "application/x-protobuf";

    /// <summary>Null when nothing here can read it (415).</summary>
    public static OtlpContent? Of(string? contentType, string? contentEncoding)
    {
        var compressed = contentEncoding?.ToLowerInvariant() switch
        {
            null or "" or "identity" => false,
            "gzip" => true,
            _ => (bool?)null,
        };
        if (compressed is not { } isCompressed || !MediaTypeHeaderValue.TryParse(contentType, out var type))
            return null;
        return type.MediaType.Value?.ToLowerInvariant() switch
        {
            "application/x-protobuf" => new(false, isCompressed),
            "application/json" => new(true, isCompressed),
            _ => null,
        };
    }

    /// <summary>How many bytes a body holds when decoded, as it says itself; decoding holds it to that.</summary>
    public int DecodedLength(ReadOnlyMemory<byte> body)
    {
        if (!IsCompressed)
            return body.Length;
        // gzip ends with the length of what it holds.
        if (body.Length < 18)
            throw new MalformedPayloadException("this is no gzip");
        var length = BinaryPrimitives.ReadUInt32LittleEndian(body.Span[^4..]);
        return length <= MostDecodedBytes ? (int)length : throw new PayloadTooLargeException($"the body says that it holds {length} bytes; at most {MostDecodedBytes} are taken");
    }

    /// <exception cref="MalformedPayloadException">It is no such message.</exception>
    public T Read<T>(PooledBytes body, MessageParser<T> parser) where T : class, IMessage<T>, new()
    {
        if (body.Length > MostDecodedBytes)
            throw new PayloadTooLargeException($"a body may have {MostDecodedBytes} bytes");
        try
        {
            if (!IsCompressed)
                return Parse(body.Span, parser);
            using var decoded = Decompress(body.Memory);
            return Parse(decoded.Span, parser);
        }
        catch (Exception failure) when (failure is InvalidProtocolBufferException or InvalidJsonException or InvalidDataException or FormatException or OverflowException
            or ArgumentException or InvalidOperationException)
        {
            throw new MalformedPayloadException(IsJson ? "this is no such message in OTLP's JSON" : "this is no such message in protobuf", failure);
        }
    }

    public byte[] Write(IMessage message) => IsJson ? System.Text.Encoding.UTF8.GetBytes(ToJson.Format(message)) : message.ToByteArray();

    private T Parse<T>(ReadOnlySpan<byte> payload, MessageParser<T> parser) where T : class, IMessage<T>, new() =>
        IsJson ? Json.Parse<T>(System.Text.Encoding.UTF8.GetString(payload)) : parser.ParseFrom(payload);

    private PooledBytes Decompress(ReadOnlyMemory<byte> body)
    {
        var promised = DecodedLength(body);
        var result = new PooledBytes(promised);
        try
        {
            using var stream = new GZipStream(new MemoryStream(body.ToArray(), writable: false), CompressionMode.Decompress);
            int count;
            while ((count = stream.Read(result.GetSpan(16 * 1024))) > 0)
            {
                result.Advance(count);
                if (result.Length > promised)
                    throw new MalformedPayloadException("the body holds more than it says");
            }
            return result;
        }
        catch
        {
            result.Dispose();
            throw;
        }
    }
}
