using System.Net;
using System.Text;

namespace Fleet.Cli.Commands.Costs;

/// <summary>A bill that is sent while it is read.</summary>
internal sealed class BillContent : HttpContent
{
    private readonly StreamReader reader;

    public BillContent(StreamReader reader)
    {
        this.reader = reader;
        Headers.ContentType = new("application/octet-stream");
    }

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
    {
        var letters = new char[1 << 15];
        var encoder = Encoding.UTF8.GetEncoder();
        var bytes = new byte[Encoding.UTF8.GetMaxByteCount(letters.Length)];
        for (int read; (read = reader.Read(letters)) > 0;)
            await stream.WriteAsync(bytes.AsMemory(0, encoder.GetBytes(letters.AsSpan(0, read), bytes, flush: false)));
    }

    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        return false;
    }
}
