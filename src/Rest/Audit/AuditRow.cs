namespace Fleet.Rest.Audit;

/// <summary>An <see cref="AuditEntry"/> as a row of the chain.</summary>
internal sealed class AuditRow
{
    public required long Sequence { get; init; }
    public required DateTimeOffset Recorded { get; init; }
    public required string Previous { get; init; }
    public required string Hash { get; init; }
    public required Guid RequestId { get; init; }
    public required DateTimeOffset Time { get; init; }
    public required string User { get; init; }
    public string? Uid { get; init; }
    public required string[] Groups { get; init; }
    public string? Source { get; init; }
    public required string Verb { get; init; }
    public required string Resource { get; init; }
    public string? Namespace { get; init; }
    public string? Name { get; init; }
    public bool DryRun { get; init; }
    public string? Before { get; init; }
    public string? After { get; init; }
    public required string Outcome { get; init; }
    public int? Status { get; init; }
    public string? Detail { get; init; }

    public AuditEntry Entry() => new()
    {
        RequestId = RequestId,
        Time = Time,
        User = User,
        Uid = Uid,
        Groups = Groups,
        From = Source,
        Verb = Verb,
        Resource = Resource,
        Namespace = Namespace,
        Name = Name,
        DryRun = DryRun,
        Before = Before,
        After = After,
        Outcome = Enum.Parse<AuditOutcome>(Outcome),
        Status = Status,
        Detail = Detail,
    };
}
