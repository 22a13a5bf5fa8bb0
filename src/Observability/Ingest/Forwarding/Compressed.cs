using System.IO.Compression;

namespace Fleet.Observability.Ingest.Forwarding;

/// <summary>gzip, as everything waits that is not sent by remote write.</summary>
internal static class Compressed
{
    public static ReadOnlyMemory<byte> Of(Action<Stream> write)
    {
        using var bytes = new MemoryStream();
        using (var gzip = new GZipStream(bytes, CompressionLevel.Fastest, leaveOpen: true))
            write(gzip);
        return bytes.GetBuffer().AsMemory(0, (int)bytes.Length);
    }
}
