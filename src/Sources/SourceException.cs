namespace Fleet.Sources;

/// <summary>What went wrong, as far as a caller decides differently.</summary>
public enum SourceErrorKind
{
    /// <summary>The source cannot be used as it is described; only a change of it helps.</summary>
    Invalid,

    /// <summary>The server answers, but has no such repository, branch, tag, commit, bucket or artifact. It may come.</summary>
    NotFound,

    /// <summary>The server refuses the credentials, or is not the one that it should be.</summary>
    AuthenticationFailed,

    /// <summary>The server does not answer, or not properly.</summary>
    Unreachable,

    /// <summary>The time limit passed.</summary>
    Timeout,

    /// <summary>What came is refused: too large, too many files, paths or links that lead out, damaged, not signed.</summary>
    Refused,

    /// <summary>The own disk is full.</summary>
    DiskFull,
}

/// <summary>A source that cannot be had. The message may be shown to users and logged: it never holds a secret.</summary>
public sealed class SourceException(SourceErrorKind kind, string message, Exception? inner = null) : Exception(message, inner)
{
    public SourceErrorKind Kind { get; } = kind;

    /// <summary>The same request may succeed later without anybody changing anything.</summary>
    public bool IsTransient => Kind is SourceErrorKind.Unreachable or SourceErrorKind.Timeout or SourceErrorKind.DiskFull;
}
