namespace Fleet.Kubernetes.Core;

/// <summary>Reads another stream, which it leaves open, up to a size: one that goes on ends in <see cref="InvalidDataException"/>, not in memory or a full disk.</summary>
/// <param name="excess">What is said of a stream that is longer; null for its number of bytes.</param>
public sealed class BoundedStream(Stream inner, long maxBytes, string? excess = null) : ForwardStream
{
    private long _read;

    /// <summary>For what an archive unpacks to: bounded by its size and by what its packed size makes believable.</summary>
    public static BoundedStream Unpacked(Stream inner, long maxBytes, long maxByRatio) => maxBytes <= maxByRatio
        ? new(inner, maxBytes, $"It unpacks to more than {maxBytes} bytes.")
        : new(inner, maxByRatio, "It unpacks to a size that no chart has for its packed size.");

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => Count(inner.Read(buffer, offset, count));

    /// <inheritdoc/>
    public override int Read(Span<byte> buffer) => Count(inner.Read(buffer));

    /// <inheritdoc/>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        Count(await inner.ReadAsync(buffer, cancellationToken));

    /// <inheritdoc/>
    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    private int Count(int read)
    {
        _read += read;
        return _read <= maxBytes ? read : throw new InvalidDataException(excess ?? $"It is longer than {maxBytes} bytes.");
    }
}
