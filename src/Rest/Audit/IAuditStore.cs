using Fleet.Control.Audit;

namespace Fleet.Rest.Audit;

/// <summary>Where the audit is kept. Every failure is an <see cref="AuditUnavailableException"/>.</summary>
public interface IAuditStore
{
    /// <summary>All or none of them. The end of a call is added to its beginning; whatever is known already is not added again, so that a repeated call changes nothing.</summary>
    Task SaveAsync(IReadOnlyCollection<AuditEntry> entries, CancellationToken ct);

    /// <summary>Null when this store cannot be asked.</summary>
    Task<IReadOnlyList<AuditEntry>?> FindAsync(AuditQuery query, CancellationToken ct);

    /// <summary>Null when this store cannot be asked. Whoever asks disposes it.</summary>
    Task<AuditExport?> ExportAsync(AuditPlace? after, CancellationToken ct);

    /// <summary>Gives up what is older, as whole parts, and keeps where the chain goes on; returns how many rows.</summary>
    Task<int> ForgetAsync(DateTimeOffset before, CancellationToken ct);
}

/// <summary>The chain as it was at one moment.</summary>
/// <param name="after">The place before the first row.</param>
public sealed class AuditExport(AuditPlace after, AuditPlace head, IAsyncEnumerable<AuditRecord> rows, Func<ValueTask> end) : IAsyncDisposable
{
    public AuditPlace After => after;

    public AuditPlace Head => head;

    public IAsyncEnumerable<AuditRecord> Rows => rows;

    public ValueTask DisposeAsync() => end();
}

/// <summary>The audit cannot be written or read now.</summary>
public sealed class AuditUnavailableException(string message, Exception? inner = null) : Exception(message, inner);
