namespace Fleet.Control.Audit;

/// <summary>What is wrong with the chain, and at which row.</summary>
/// <param name="Kind"><c>changed</c>, <c>missing</c>, <c>repeated</c>, <c>broken</c> or <c>head</c>.</param>
public sealed record AuditFinding(long Sequence, Guid? RequestId, string Kind, string Message);

/// <summary>Reads rows in the order in which they lie, and says which were changed, deleted, inserted or moved. It goes on after a finding, so that one answer names them all.</summary>
public sealed class AuditVerifier(AuditPlace after)
{
    private const int MostFindings = 1000;

    private readonly List<AuditFinding> findings = [];

    /// <summary>The last row that was read.</summary>
    public AuditPlace Last { get; private set; } = after;

    public long Rows { get; private set; }

    public IReadOnlyList<AuditFinding> Findings => findings;

    public void Read(AuditRecord record)
    {
        Rows++;
        var expected = Last.Sequence + 1;
        if (record.Sequence < expected)
        {
            Find(record, "repeated", $"row {record.Sequence} comes after row {Last.Sequence}: it was inserted or moved");
            return;
        }

        if (record.Sequence > expected)
            Find(record, "missing", expected == record.Sequence - 1 ? $"row {expected} is missing" : $"rows {expected} to {record.Sequence - 1} are missing");
        else if (record.Previous != Last.Hash)
            Find(record, "broken", $"row {record.Sequence} does not follow on the row {Last.Sequence} that is there: one of the two was exchanged");
        if (AuditChain.HashOf(record) != record.Hash)
            Find(record, "changed", $"row {record.Sequence} is not what was written");
        Last = new(record.Sequence, record.Hash);
    }

    /// <param name="head">The last row as it is known from elsewhere; null when it is not known.</param>
    public void Finish(AuditPlace? head)
    {
        if (head is null || head == Last)
            return;
        findings.Add(new(head.Sequence, null, "head", head.Sequence > Last.Sequence
            ? $"rows {Last.Sequence + 1} to {head.Sequence} are missing at the end"
            : head.Sequence < Last.Sequence ? $"the chain should end with row {head.Sequence}, and ends with row {Last.Sequence}" : $"row {head.Sequence} is not the one that was written last"));
    }

    private void Find(AuditRecord record, string kind, string message)
    {
        if (findings.Count < MostFindings)
            findings.Add(new(record.Sequence, record.Call.RequestId, kind, message));
    }
}
