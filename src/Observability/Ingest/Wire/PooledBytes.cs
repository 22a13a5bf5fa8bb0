using System.Buffers;

namespace Fleet.Observability.Ingest.Wire;

/// <summary>A growing buffer on loan from the shared pool. Not for several threads; given back once.</summary>
public sealed class PooledBytes : IBufferWriter<byte>, IDisposable
{
    private const int Smallest = 4096;
    private byte[] bytes;

    public PooledBytes(int capacity = Smallest) => bytes = ArrayPool<byte>.Shared.Rent(Math.Max(Smallest, capacity));

    public int Length { get; private set; }

    public ReadOnlySpan<byte> Span => bytes.AsSpan(0, Length);

    public ReadOnlyMemory<byte> Memory => bytes.AsMemory(0, Length);

    public void Advance(int count)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, bytes.Length - Length);
        Length += count;
    }

    /// <summary>Forgets what was written after a length that it had before.</summary>
    public void Truncate(int length)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, Length);
        Length = length;
    }

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        Reserve(Math.Max(1, sizeHint));
        return bytes.AsMemory(Length);
    }

    public Span<byte> GetSpan(int sizeHint = 0)
    {
        Reserve(Math.Max(1, sizeHint));
        return bytes.AsSpan(Length);
    }

    public void Append(ReadOnlySpan<byte> more)
    {
        Reserve(more.Length);
        more.CopyTo(bytes.AsSpan(Length));
        Length += more.Length;
    }

    public void Dispose()
    {
        var lent = Interlocked.Exchange(ref bytes, []);
        Length = 0;
        if (lent.Length > 0)
            ArrayPool<byte>.Shared.Return(lent);
    }

    private void Reserve(int more)
    {
        if (bytes.Length - Length >= more)
            return;
        var larger = ArrayPool<byte>.Shared.Rent(checked((int)Math.Max((long)Length + more, Math.Min(bytes.Length * 2L, Array.MaxLength))));
        Span.CopyTo(larger);
        ArrayPool<byte>.Shared.Return(bytes);
        bytes = larger;
    }
}
