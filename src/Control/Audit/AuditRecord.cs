using Fleet.Contracts.Api;

namespace Fleet.Control.Audit;

/// <summary>One row of the audit: what was called, and its place in the chain. A call that changes something has two, one from before and one from after it.</summary>
public sealed record AuditRecord
{
    /// <summary>From 1 on, without gaps.</summary>
    public required long Sequence { get; init; }

    /// <summary>When it was written; never before the row that it follows.</summary>
    public required DateTimeOffset Recorded { get; init; }

    public required AuditView Call { get; init; }

    /// <summary>Hash of the row before it.</summary>
    public required string Previous { get; init; }

    /// <summary>What <see cref="AuditChain.HashOf"/> makes of all of the above.</summary>
    public required string Hash { get; init; }
}

/// <summary>A place in the chain: the number of a row and its hash.</summary>
public sealed record AuditPlace(long Sequence, string Hash)
{
    /// <summary>Before the first row.</summary>
    public static AuditPlace Genesis { get; } = new(0, new string('0', 64));

    public override string ToString() => $"{Sequence}:{Hash}";
}
