using Fleet.StateManager.Compliance.Findings;

namespace Fleet.StateManager.Compliance.Storage;

internal abstract class ComplianceCountsRow
{
    public required string Namespace { get; init; }
    public required string Cluster { get; init; }
    public required string Source { get; init; }
    public required string Policy { get; init; }
    public required string TargetNamespace { get; init; }
    public required int Pass { get; init; }
    public required int Fail { get; init; }
    public required int Warn { get; init; }
    public required int Error { get; init; }
    public required int Skip { get; init; }
    public required int Excepted { get; init; }

    public PolicyKey Key => new(Source, Policy, TargetNamespace);

    public ResultCounts Counts => new(Pass, Fail, Warn, Error, Skip, Excepted);
}

/// <summary>The present figures of a policy.</summary>
internal sealed class CompliancePolicyRow : ComplianceCountsRow
{
    /// <summary>The order of lists over all clusters.</summary>
    public required string Place { get; init; }
}

/// <summary>Figures of a policy from a day on, until the next row of the same policy.</summary>
internal sealed class ComplianceTrendRow : ComplianceCountsRow
{
    public required DateOnly Day { get; init; }
}

internal sealed class ComplianceClusterRow
{
    public required string Namespace { get; init; }
    public required string Cluster { get; init; }

    /// <summary>Null when it was never seen.</summary>
    public DateTimeOffset? ObservedAt { get; init; }
    public string? Problem { get; init; }
    public required string[] Kinds { get; init; }
    public required int LeftOut { get; init; }
}

internal sealed class ComplianceFindingRow
{
    public required string Namespace { get; init; }
    public required string Cluster { get; init; }
    public required string Place { get; init; }
    public required string Source { get; init; }
    public required string Policy { get; init; }
    public required string TargetNamespace { get; init; }
    public required string Rule { get; init; }
    public required string Result { get; init; }
    public string? ExceptedBy { get; init; }
    public required string Severity { get; init; }
    public required string Category { get; init; }
    public required string Kind { get; init; }
    public required string Name { get; init; }
    public required string Message { get; init; }

    public JudgedFinding ToFinding() => new(
        new Finding
        {
            Key = new(Source, Policy, TargetNamespace),
            Result = Enum.Parse<FindingResult>(Result, ignoreCase: true),
            Rule = Rule, Severity = Severity, Category = Category, Kind = Kind, Name = Name, Message = Message,
        },
        ExceptedBy);
}
