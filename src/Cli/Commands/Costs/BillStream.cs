using Fleet.Kubernetes.Core;

namespace Fleet.Cli.Commands.Costs;

/// <summary>A file of which the beginning was looked at, which standard input can not take back; remembers its end.</summary>
internal sealed class BillStream(ReadOnlyMemory<byte> prefix, Stream rest) : ForwardStream
{
    private ReadOnlyMemory<byte> prefix = prefix;

    /// <summary>The last four bytes that were read, little end first.</summary>
    public uint Tail { get; private set; }

    public override int Read(byte[] buffer, int offset, int count)
    {
        var read = prefix.Length > 0 ? Take(buffer.AsSpan(offset, count)) : rest.Read(buffer, offset, count);
        foreach (var one in buffer.AsSpan(offset, read)[Math.Max(0, read - 4)..])
            Tail = Tail >> 8 | (uint)one << 24;
        return read;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            rest.Dispose();
        base.Dispose(disposing);
    }

    private int Take(Span<byte> target)
    {
        var taken = Math.Min(target.Length, prefix.Length);
        prefix.Span[..taken].CopyTo(target);
        prefix = prefix[taken..];
        return taken;
    }
}
