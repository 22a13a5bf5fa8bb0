using System.Buffers;

namespace Fleet.Kubernetes.Http;

/// <summary>A response body in a pooled array: pages of lists are megabytes, which would otherwise land in the large object heap each time.</summary>
internal sealed class PooledBytes : IDisposable
{
    private byte[] buffer;

    private PooledBytes(byte[] buffer, int length) => (this.buffer, Length) = (buffer, length);

    internal int Length { get; private set; }

    internal ReadOnlySpan<byte> Span => buffer.AsSpan(0, Length);

    /// <summary>Reads to the end. Null when there are more than <paramref name="limit"/> bytes.</summary>
    internal static async Task<PooledBytes?> ReadAsync(HttpContent content, int limit, CancellationToken ct)
    {
        var expected = content.Headers.ContentLength;
        if (expected > limit)
            return null;
        await using var stream = await content.ReadAsStreamAsync(ct);
        // One byte more than announced, so that the read that finds the end has room.
        var bytes = new PooledBytes(ArrayPool<byte>.Shared.Rent((int)Math.Min(limit, expected + 1 ?? 64 * 1024)), 0);
        try
        {
            while (true)
            {
                if (bytes.Length == bytes.buffer.Length && !bytes.Grow(limit))
                {
                    bytes.Dispose();
                    return null;
                }

                var read = await stream.ReadAsync(bytes.buffer.AsMemory(bytes.Length), ct);
                if (read == 0)
                    return bytes;
                bytes.Length += read;
            }
        }
        catch
        {
            bytes.Dispose();
            throw;
        }
    }

    private bool Grow(int limit)
    {
        if (Length >= limit)
            return false;
        var larger = ArrayPool<byte>.Shared.Rent((int)Math.Min(limit, (long)Length * 2));
        buffer.AsSpan(0, Length).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(buffer);
        buffer = larger;
        return true;
    }

    public void Dispose()
    {
        var old = Interlocked.Exchange(ref buffer, []);
        if (old.Length > 0)
            ArrayPool<byte>.Shared.Return(old);
        Length = 0;
    }
}
