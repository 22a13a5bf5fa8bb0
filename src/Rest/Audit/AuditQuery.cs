namespace Fleet.Rest.Audit;

/// <summary>What of the audit is asked for; null filters pass everything. The newest come first.</summary>
public sealed record AuditQuery
{
    public string? User { get; init; }
    public string? Verb { get; init; }
    public string? Resource { get; init; }
    public string? Namespace { get; init; }
    public string? Name { get; init; }
    public AuditOutcome? Outcome { get; init; }
    public DateTimeOffset? Since { get; init; }
    public DateTimeOffset? Until { get; init; }
    public required int Limit { get; init; }

    /// <summary>Only what is older than this entry, for the next page.</summary>
    public (DateTimeOffset Time, Guid RequestId)? Before { get; init; }
}
