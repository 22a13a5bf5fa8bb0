using System.Buffers.Binary;
using Microsoft.Win32.SafeHandles;

namespace Fleet.Observability.Ingest.Queue;

/// <summary>
/// What the store has, in a file of 20 bytes. It is not flushed: when it is lost or older than it was, requests are sent twice, which a store does not mind.
/// </summary>
internal sealed class QueueCursor : IDisposable
{
    private const int Length = 20;
    private readonly SafeFileHandle file;

    public QueueCursor(string folder)
    {
        file = File.OpenHandle(Path.Combine(folder, "cursor"), FileMode.OpenOrCreate, FileAccess.ReadWrite);
        var bytes = new byte[Length];
        if (RandomAccess.Read(file, bytes, 0) == Length && QueuedRequest.Checksum(bytes.AsSpan(0, 16)) == BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(16)))
            Position = new(BinaryPrimitives.ReadInt64LittleEndian(bytes), BinaryPrimitives.ReadInt64LittleEndian(bytes.AsSpan(8)));
    }

    public QueuePosition Position { get; private set; }

    /// <summary>Never goes back.</summary>
    public void MoveTo(QueuePosition position)
    {
        if (position <= Position)
            return;
        Position = position;
        Span<byte> bytes = stackalloc byte[Length];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, position.Segment);
        BinaryPrimitives.WriteInt64LittleEndian(bytes[8..], position.Offset);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[16..], QueuedRequest.Checksum(bytes[..16]));
        try
        {
            RandomAccess.Write(file, bytes, 0);
        }
        catch (IOException)
        {
            // The file exists since the start and never grows; should the disk refuse it all the same, the next start sends a little twice.
            return;
        }
    }

    public void Dispose() => file.Dispose();
}
