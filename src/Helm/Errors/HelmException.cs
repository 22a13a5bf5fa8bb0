namespace Fleet.Helm.Errors;

/// <summary>One place where values break a chart's schema. <see cref="Path"/> is dotted, as users write values; empty for the root.</summary>
public sealed record SchemaViolation(string Chart, string Path, string Message);

/// <summary>
/// A failure of helm or of a repository. The message carries helm's own words, bounded, with every secret given to the operation replaced by ***:
/// it may be shown to users and logged.
/// </summary>
public sealed class HelmException : Exception
{
    public HelmException(HelmErrorKind kind, string message, Exception? inner = null) : base(message, inner) => Kind = kind;

    public HelmErrorKind Kind { get; }

    public IReadOnlyList<SchemaViolation> Violations { get; init; } = [];

    /// <summary>The same request may succeed later without anybody changing anything.</summary>
    public bool IsTransient => Kind is HelmErrorKind.RepositoryUnreachable or HelmErrorKind.ClusterUnreachable
        or HelmErrorKind.Timeout or HelmErrorKind.Locked or HelmErrorKind.DiskFull;
}
