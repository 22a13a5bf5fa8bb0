using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using Fleet.Kubernetes.Objects;

namespace Fleet.ControlPlane.Storage;

/// <summary>
/// The binary form of changes: length, CRC-32C of what follows, then revision, a flag, cluster, table, namespace, name (each with its length) and
/// the bytes of the object, sealed when the flag says so. A record is whole or it is the torn end of the file.
/// </summary>
internal static class LogRecords
{
    private const int HeaderLength = 8;
    private const int MaxLength = 64 << 20;
    private const byte Plain = 0;
    private const byte Deletion = 1;
    private const byte Sealed = 2;

    /// <param name="seal">Null: as it is.</param>
    public static void Write(ArrayBufferWriter<byte> target, in LogEntry entry, SecretSeal? seal = null)
    {
        var isSealed = seal is not null && entry.Json is not null && SecretSeal.Covers(entry.Table);
        var size = (isSealed ? SecretSeal.Overhead : 0) + 9 + Size(entry.Cluster) + Size(entry.Table) + Size(entry.Key.Namespace) + Size(entry.Key.Name) + (entry.Json?.Length ?? 0);
        var span = target.GetSpan(HeaderLength + size)[..(HeaderLength + size)];
        var body = span[HeaderLength..];
        BinaryPrimitives.WriteInt64LittleEndian(body, entry.Revision);
        body[8] = entry.Json is null ? Deletion : isSealed ? Sealed : Plain;
        var at = 9;
        Put(body, ref at, entry.Cluster);
        Put(body, ref at, entry.Table);
        Put(body, ref at, entry.Key.Namespace);
        Put(body, ref at, entry.Key.Name);
        if (isSealed)
            seal!.Seal(entry, body[at..]);
        else
            entry.Json?.CopyTo(body[at..]);
        BinaryPrimitives.WriteInt32LittleEndian(span, size);
        BinaryPrimitives.WriteUInt32LittleEndian(span[4..], Checksum(body));
        target.Advance(HeaderLength + size);
    }

    /// <summary>Reads whole records; the result is the length of the good part of the stream.</summary>
    /// <exception cref="IOException">A Secret does not fit to the key.</exception>
    public static long Read(Stream stream, Action<LogEntry> each, SecretSeal? seal = null)
    {
        long good = 0;
        var header = new byte[HeaderLength];
        while (stream.ReadAtLeast(header, HeaderLength, throwOnEndOfStream: false) == HeaderLength)
        {
            var size = BinaryPrimitives.ReadInt32LittleEndian(header);
            if (size is < 17 or > MaxLength) return good;
            var body = new byte[size];
            if (stream.ReadAtLeast(body, size, throwOnEndOfStream: false) < size) return good;
            if (Checksum(body) != BinaryPrimitives.ReadUInt32LittleEndian(header.AsSpan(4))) return good;
            each(Decode(body, seal));
            good += HeaderLength + size;
        }
        return good;
    }

    private static LogEntry Decode(byte[] body, SecretSeal? seal)
    {
        var revision = BinaryPrimitives.ReadInt64LittleEndian(body);
        var at = 9;
        var cluster = Take(body, ref at);
        var table = Take(body, ref at);
        var key = new ObjectKey(Take(body, ref at), Take(body, ref at));
        var entry = new LogEntry(cluster, table, key, revision, null);
        return body[8] switch
        {
            Plain => Noted(entry with { Json = body[at..] }, seal),
            Deletion => entry,
            Sealed when seal is not null => entry with { Json = seal.Open(entry, body.AsSpan(at)) },
            _ => throw new IOException("the log holds what this version can not read"),
        };
    }

    private static LogEntry Noted(LogEntry entry, SecretSeal? seal)
    {
        seal?.NotePlain(entry.Table);
        return entry;
    }

    private static int Size(string text) => 2 + Encoding.UTF8.GetByteCount(text);

    private static void Put(Span<byte> body, ref int at, string text)
    {
        var length = Encoding.UTF8.GetBytes(text, body[(at + 2)..]);
        BinaryPrimitives.WriteUInt16LittleEndian(body[at..], (ushort)length);
        at += 2 + length;
    }

    private static string Take(byte[] body, ref int at)
    {
        var length = BinaryPrimitives.ReadUInt16LittleEndian(body.AsSpan(at));
        var text = string.Intern(Encoding.UTF8.GetString(body, at + 2, length));
        at += 2 + length;
        return text;
    }

    private static uint Checksum(ReadOnlySpan<byte> data)
    {
        var crc = uint.MaxValue;
        while (data.Length >= 8)
        {
            crc = System.Numerics.BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(data));
            data = data[8..];
        }
        foreach (var b in data) crc = System.Numerics.BitOperations.Crc32C(crc, b);
        return ~crc;
    }
}
