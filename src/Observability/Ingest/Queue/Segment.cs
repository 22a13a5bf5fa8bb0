using System.Buffers.Binary;
using System.Globalization;
using Microsoft.Win32.SafeHandles;

namespace Fleet.Observability.Ingest.Queue;

/// <summary>One file of the queue. Records are only ever added at its end.</summary>
internal static class Segment
{
    private const string Extension = ".seg";

    public static string PathOf(string folder, long number) => Path.Combine(folder, number.ToString("D20", CultureInfo.InvariantCulture) + Extension);

    public static IEnumerable<long> In(string folder) =>
        Directory.EnumerateFiles(folder, "*" + Extension)
            .Select(file => long.TryParse(Path.GetFileNameWithoutExtension(file), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : -1)
            .Where(number => number >= 0)
            .Order();

    /// <summary>The records from an offset on, each with the offset behind it, until the end or until one is torn or damaged.</summary>
    public static IEnumerable<(QueuedRequest Request, long Next)> Read(SafeFileHandle file, long offset, long end)
    {
        var head = new byte[QueuedRequest.HeadLength];
        while (end - offset > QueuedRequest.HeadLength && Fill(file, head, offset))
        {
            var length = BinaryPrimitives.ReadInt32LittleEndian(head);
            if (length <= 0 || length > QueuedRequest.LongestRecord || length > end - offset - QueuedRequest.HeadLength)
                yield break;
            var content = new byte[length];
            if (!Fill(file, content, offset + QueuedRequest.HeadLength) || QueuedRequest.Read(head, content) is not { } request)
                yield break;
            offset += QueuedRequest.HeadLength + length;
            yield return (request, offset);
        }
    }

    private static bool Fill(SafeFileHandle file, Span<byte> buffer, long offset)
    {
        while (!buffer.IsEmpty)
        {
            var read = RandomAccess.Read(file, buffer, offset);
            if (read == 0)
                return false;
            buffer = buffer[read..];
            offset += read;
        }
        return true;
    }
}
