using System.Security.Cryptography;

namespace Fleet.Backup.Archives;

/// <summary>The content of a part. At its end size and SHA-256 must be those of the manifest; more than its size is never handed out.</summary>
internal sealed class PartStream(Stream decompressed, ArchivePart part) : ReadOnlyStream
{
    private readonly IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private long read;
    private bool ended;

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken ct = default)
    {
        if (ended || buffer.Length == 0)
            return 0;
        int taken;
        try
        {
            taken = await decompressed.ReadAsync(buffer, ct);
        }
        catch (Exception e) when (e is InvalidDataException or InvalidOperationException)
        {
            throw ArchiveException.Damaged(part.Name, "it cannot be decompressed", e);
        }

        hash.AppendData(buffer.Span[..taken]);
        read += taken;
        if (read > part.Size)
            throw ArchiveException.Damaged(part.Name, "it is longer than the manifest says");
        if (taken > 0)
            return taken;
        ended = true;
        if (read != part.Size)
            throw ArchiveException.Damaged(part.Name, "it is shorter than the manifest says");
        if (Convert.ToHexStringLower(hash.GetHashAndReset()) != part.Sha256)
            throw ArchiveException.Damaged(part.Name, "its SHA-256 is not that of the manifest");
        return 0;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            hash.Dispose();
        base.Dispose(disposing);
    }
}
