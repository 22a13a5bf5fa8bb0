using System.Security.Cryptography;

namespace Fleet.Backup.Archives;

/// <summary>Counts and hashes what is written on its way to the next stream.</summary>
internal sealed class DigestStream(Stream next) : WriteOnlyStream
{
    private readonly IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    public long Total { get; private set; }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        hash.AppendData(buffer.Span);
        Total += buffer.Length;
        await next.WriteAsync(buffer, cancellationToken);
    }

    public string Sha256() => Convert.ToHexStringLower(hash.GetHashAndReset());

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            hash.Dispose();
        base.Dispose(disposing);
    }
}
