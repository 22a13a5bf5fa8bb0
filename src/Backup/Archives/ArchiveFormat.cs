namespace Fleet.Backup.Archives;

/// <summary>
/// Numbers and marks of the archive format; docs/spec/backup-archive.md describes it for those who must read one without Fleet.
/// </summary>
internal static class ArchiveFormat
{
    /// <summary>The version that is written. Older ones stay readable; newer ones are refused, since what they mean cannot be known.</summary>
    public const int Version = 1;

    /// <summary>Chunks are as large as this, the last of a part excepted. It bounds the memory of readers and writers.</summary>
    public const int ChunkBytes = 1024 * 1024;

    public const int LargestChunkBytes = 16 * 1024 * 1024;

    public const int LargestHeaderBytes = 64 * 1024;

    public const int LargestManifestBytes = 64 * 1024 * 1024;

    public const int LongestPartName = 512;

    public const int TagBytes = 16;

    public const int KeyBytes = 32;

    public const string Compression = "brotli";

    public const string Cipher = "AES-256-GCM";

    public const string ManifestName = "manifest.json";

    public const byte PartMark = (byte)'P';

    public const byte EndMark = (byte)'E';

    /// <summary>Set in the length of the last chunk of a part.</summary>
    public const uint LastChunk = 0x8000_0000;

    /// <summary>End mark, number of parts before the manifest, place of the manifest, magic.</summary>
    public const int TrailerBytes = 1 + 4 + 8 + 8;

    /// <summary>CR and LF show a transfer that took it for text.</summary>
    public static ReadOnlySpan<byte> Magic => "FLTBAK\r\n"u8;

    public static ReadOnlySpan<byte> EndMagic => "FLTEND\r\n"u8;
}
