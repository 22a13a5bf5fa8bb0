namespace Fleet.Rest.Audit;

/// <summary>Where the audit is kept. Every failure is an <see cref="AuditUnavailableException"/>.</summary>
public interface IAuditStore
{
    /// <summary>All or none of them. Entries with a known request id replace the earlier ones, so that a repeated call changes nothing.</summary>
    Task SaveAsync(IReadOnlyCollection<AuditEntry> entries, CancellationToken ct);

    /// <summary>Null when this store cannot be asked.</summary>
    Task<IReadOnlyList<AuditEntry>?> FindAsync(AuditQuery query, CancellationToken ct);

    /// <summary>Deletes what is older; returns how many.</summary>
    Task<int> ForgetAsync(DateTimeOffset before, CancellationToken ct);
}

/// <summary>The audit cannot be written or read now.</summary>
public sealed class AuditUnavailableException(string message, Exception? inner = null) : Exception(message, inner);
