using System.Buffers.Binary;
using System.Numerics;
using System.Text;
using Fleet.Observability.Ingest.Wire;

namespace Fleet.Observability.Ingest.Queue;

/// <summary>
/// One request as it waits: 4 bytes length, 4 bytes CRC-32C of what follows: version, oldest timestamp, time of acceptance, series, samples, cluster, body.
/// </summary>
/// <param name="Cluster">namespace/name, to say whose samples were lost.</param>
/// <param name="Body">A WriteRequest, Snappy-compressed: ready to be sent.</param>
public sealed record QueuedRequest(string Cluster, long OldestTimestamp, long AcceptedAt, int Series, int Samples, ReadOnlyMemory<byte> Body)
{
    internal const int HeadLength = 8;
    private const int FixedLength = 1 + 8 + 8 + 4 + 4 + 2;
    private const byte Version = 1;

    internal static int LongestRecord => 512 * 1024 * 1024;

    internal void Write(PooledBytes to)
    {
        var cluster = Encoding.UTF8.GetBytes(Cluster);
        var length = FixedLength + cluster.Length + Body.Length;
        var span = to.GetSpan(HeadLength + length)[..(HeadLength + length)];
        var content = span[HeadLength..];
        content[0] = Version;
        BinaryPrimitives.WriteInt64LittleEndian(content[1..], OldestTimestamp);
        BinaryPrimitives.WriteInt64LittleEndian(content[9..], AcceptedAt);
        BinaryPrimitives.WriteInt32LittleEndian(content[17..], Series);
        BinaryPrimitives.WriteInt32LittleEndian(content[21..], Samples);
        BinaryPrimitives.WriteUInt16LittleEndian(content[25..], (ushort)cluster.Length);
        cluster.CopyTo(content[FixedLength..]);
        Body.Span.CopyTo(content[(FixedLength + cluster.Length)..]);
        BinaryPrimitives.WriteInt32LittleEndian(span, length);
        BinaryPrimitives.WriteUInt32LittleEndian(span[4..], Checksum(content));
        to.Advance(span.Length);
    }

    /// <summary>Null when the content is not what was written.</summary>
    internal static QueuedRequest? Read(ReadOnlySpan<byte> head, byte[] content)
    {
        if (content.Length < FixedLength || Checksum(content) != BinaryPrimitives.ReadUInt32LittleEndian(head[4..]) || content[0] != Version)
            return null;
        var cluster = BinaryPrimitives.ReadUInt16LittleEndian(content.AsSpan(25));
        if (content.Length < FixedLength + cluster)
            return null;
        return new QueuedRequest(
            Encoding.UTF8.GetString(content, FixedLength, cluster),
            BinaryPrimitives.ReadInt64LittleEndian(content.AsSpan(1)),
            BinaryPrimitives.ReadInt64LittleEndian(content.AsSpan(9)),
            BinaryPrimitives.ReadInt32LittleEndian(content.AsSpan(17)),
            BinaryPrimitives.ReadInt32LittleEndian(content.AsSpan(21)),
            content.AsMemory(FixedLength + cluster));
    }

    internal static uint Checksum(ReadOnlySpan<byte> content)
    {
        var crc = uint.MaxValue;
        for (; content.Length >= 8; content = content[8..])
            crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(content));
        foreach (var b in content)
            crc = BitOperations.Crc32C(crc, b);
        return ~crc;
    }
}

/// <summary>A place in the queue: which file, and where in it.</summary>
public readonly record struct QueuePosition(long Segment, long Offset) : IComparable<QueuePosition>
{
    public int CompareTo(QueuePosition other) => Segment != other.Segment ? Segment.CompareTo(other.Segment) : Offset.CompareTo(other.Offset);

    public static bool operator <(QueuePosition a, QueuePosition b) => a.CompareTo(b) < 0;

    public static bool operator >(QueuePosition a, QueuePosition b) => a.CompareTo(b) > 0;

    public static bool operator <=(QueuePosition a, QueuePosition b) => a.CompareTo(b) <= 0;

    public static bool operator >=(QueuePosition a, QueuePosition b) => a.CompareTo(b) >= 0;
}

/// <param name="Next">Where the request after the last one begins.</param>
public sealed record QueuedBatch(IReadOnlyList<QueuedRequest> Requests, QueuePosition Next);
