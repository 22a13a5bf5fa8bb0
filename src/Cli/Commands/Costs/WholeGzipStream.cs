using System.IO.Compression;
using Fleet.Kubernetes.Core;

namespace Fleet.Cli.Commands.Costs;

/// <summary>
/// Unpacks a file, and says so when it is not all there: <see cref="GZipStream"/> takes one that was cut off for one that ends, and half a bill looks like a cheap month.
/// </summary>
internal sealed class WholeGzipStream(BillStream packed) : ForwardStream
{
    private readonly GZipStream plain = new(packed, CompressionMode.Decompress);
    private uint length;

    public override int Read(byte[] buffer, int offset, int count)
    {
        var read = plain.Read(buffer, offset, count);
        length = unchecked(length + (uint)read);
        // A packed file ends with the length of what is in it.
        return read > 0 || count == 0 || packed.Tail == length ? read : throw new InvalidDataException("it was cut off, or several are in one");
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            plain.Dispose();
        base.Dispose(disposing);
    }
}
