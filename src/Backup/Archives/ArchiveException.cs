namespace Fleet.Backup.Archives;

/// <summary>What is wrong with an archive.</summary>
public enum ArchiveFault
{
    /// <summary>It is no archive of Fleet at all.</summary>
    NotAnArchive,

    /// <summary>It was written by a newer Fleet.</summary>
    TooNew,

    /// <summary>Passphrase or key file are others than those it was written with.</summary>
    WrongKey,

    /// <summary>It ends too early.</summary>
    Truncated,

    /// <summary>Bytes are not those that were written, or not where they were.</summary>
    Damaged,
}

/// <summary>An archive that is refused. <see cref="Part"/> says where; nothing that came after it has been used.</summary>
public sealed class ArchiveException(ArchiveFault fault, string part, string message, Exception? inner = null) : Exception(message, inner)
{
    public ArchiveFault Fault { get; } = fault;

    /// <summary>Name of the part; <c>header</c> or <c>trailer</c> for what is around them.</summary>
    public string Part { get; } = part;

    internal static ArchiveException Damaged(string part, string why, Exception? inner = null) =>
        new(ArchiveFault.Damaged, part, $"The archive is damaged in part {part}: {why}. Nothing of it is used; take another backup.", inner);

    internal static ArchiveException Truncated(string part) =>
        new(ArchiveFault.Truncated, part, $"The archive ends inside part {part}: it was not written or copied to its end. Nothing of it is used; take another backup.");
}
