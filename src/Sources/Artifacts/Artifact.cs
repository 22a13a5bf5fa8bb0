namespace Fleet.Sources.Artifacts;

/// <summary>
/// What a source held at one revision, as a folder of plain files. The folder is content-addressed, so it never changes; it may be evicted when nobody
/// has asked for it for some time, so fetch again rather than keeping this for hours (a revision that is known costs no download).
/// </summary>
public sealed record Artifact
{
    /// <summary>As flux writes it: <c>main@sha1:…</c>, <c>1.2.0@sha256:…</c>, <c>sha256:…</c>.</summary>
    public required string Revision { get; init; }

    /// <summary>SHA-256 over paths and contents, in hexadecimal. Equal contents have equal digests, wherever they came from.</summary>
    public required string Digest { get; init; }

    public required string Folder { get; init; }
}
