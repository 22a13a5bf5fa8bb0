namespace Fleet.Sources.Artifacts;

/// <summary>The files of a small archive, in memory: of one that came out of a Secret, say, and so must not reach a disk.</summary>
public static class ArchiveFiles
{
    /// <summary>Paths and contents. Throws <see cref="SourceException"/> (Refused) for tricks, damage and what is too large.</summary>
    public static async Task<IReadOnlyDictionary<string, byte[]>> ReadAsync(byte[] archive, ArtifactLimits limits, string shown, CancellationToken ct)
    {
        try
        {
            using var stream = new MemoryStream(archive, writable: false);
            return await TarFiles.ReadAsync(stream, limits, ct);
        }
        catch (Exception e) when (e is InvalidDataException or EndOfStreamException or FormatException or IOException)
        {
            throw new SourceException(SourceErrorKind.Refused, $"{shown}: the archive is refused: {e.Message}", e);
        }
    }
}
