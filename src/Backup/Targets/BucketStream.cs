using Amazon.S3.Model;

namespace Fleet.Backup.Targets;

/// <summary>Reads one object of a bucket from wherever it is told to, over one request until the next seek. A connection that breaks is taken up where it broke.</summary>
internal sealed class BucketStream(BucketTarget target, BackupName name, string key, string etag, long length) : Stream
{
    private const int Tries = 4;

    private GetObjectResponse? response;
    private long position;

    public override bool CanRead => true;

    public override bool CanSeek => true;

    public override bool CanWrite => false;

    public override long Length => length;

    public override long Position { get => position; set => Seek(value, SeekOrigin.Begin); }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (position >= length || buffer.Length == 0)
            return 0;
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                response ??= await target.ReadFromAsync(key, etag, position, cancellationToken);
                var read = await ReadAsync(response.ResponseStream, buffer[..(int)Math.Min(buffer.Length, length - position)], cancellationToken);
                if (read == 0)
                    throw new IOException("the server ended its answer early");
                position += read;
                return read;
            }
            catch (Exception e) when (e is IOException or HttpRequestException)
            {
                Close(ref response);
                if (attempt == Tries)
                    throw new BackupTargetException(BackupTargetFault.Unreachable, $"{target.Shown}: {name} cannot be read to its end: {e.Message}", e);
            }
        }
    }

    /// <summary>An answer that began and then stands still has no time-out of its own.</summary>
    private async ValueTask<int> ReadAsync(Stream answer, Memory<byte> buffer, CancellationToken ct)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(ct);
        patience.CancelAfter(target.Patience.Bytes);
        try
        {
            return await answer.ReadAsync(buffer, patience.Token);
        }
        catch (OperationCanceledException e) when (!ct.IsCancellationRequested)
        {
            throw new IOException($"no bytes came for {target.Patience.Bytes.TotalSeconds:0} s", e);
        }
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("only asynchronously");

    public override long Seek(long offset, SeekOrigin origin)
    {
        var wanted = origin switch { SeekOrigin.Begin => offset, SeekOrigin.Current => position + offset, _ => length + offset };
        if (wanted != position)
            Close(ref response);
        return position = wanted;
    }

    public override void Flush()
    {
        // Nothing is written.
    }

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            Close(ref response);
        base.Dispose(disposing);
    }

    private static void Close(ref GetObjectResponse? open)
    {
        open?.Dispose();
        open = null;
    }
}
