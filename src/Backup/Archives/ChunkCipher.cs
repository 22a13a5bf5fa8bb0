using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Fleet.Backup.Archives;

/// <summary>
/// Seals and opens the chunks of one archive. The key belongs to this archive alone, so a nonce that counts parts and chunks never comes twice; part name, chunk
/// number and whether it is the last are authenticated with each chunk, so none can be moved, left out or repeated.
/// </summary>
internal sealed class ChunkCipher(byte[] key) : IDisposable
{
    private const int NonceBytes = 12;

    private readonly AesGcm aes = new(key, ArchiveFormat.TagBytes);

    public void Seal(ChunkPlace place, ReadOnlySpan<byte> content, Span<byte> sealedContent, Span<byte> tag)
    {
        Span<byte> nonce = stackalloc byte[NonceBytes];
        place.WriteNonce(nonce);
        aes.Encrypt(nonce, content, sealedContent, tag, place.Associated());
    }

    /// <returns>False when it is not what was written at this place.</returns>
    public bool TryOpen(ChunkPlace place, ReadOnlySpan<byte> sealedContent, ReadOnlySpan<byte> tag, Span<byte> content)
    {
        Span<byte> nonce = stackalloc byte[NonceBytes];
        place.WriteNonce(nonce);
        try
        {
            aes.Decrypt(nonce, sealedContent, tag, content, place.Associated());
            return true;
        }
        catch (AuthenticationTagMismatchException)
        {
            return false;
        }
    }

    public void Dispose() => aes.Dispose();
}

/// <summary>Where a chunk belongs.</summary>
internal readonly record struct ChunkPlace(string Part, int PartIndex, long Chunk, bool IsLast)
{
    public void WriteNonce(Span<byte> nonce)
    {
        BinaryPrimitives.WriteInt32BigEndian(nonce, PartIndex);
        BinaryPrimitives.WriteInt64BigEndian(nonce[4..], Chunk);
    }

    public byte[] Associated()
    {
        var name = Encoding.UTF8.GetByteCount(Part);
        var bytes = new byte[name + 10];
        Encoding.UTF8.GetBytes(Part, bytes);
        BinaryPrimitives.WriteInt64BigEndian(bytes.AsSpan(name + 1), Chunk);
        bytes[^1] = IsLast ? (byte)1 : (byte)0;
        return bytes;
    }
}
