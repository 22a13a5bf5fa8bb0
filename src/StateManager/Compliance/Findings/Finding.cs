namespace Fleet.StateManager.Compliance.Findings;

/// <summary>A result that did not pass, about one object. Texts come from the cluster and are bounded.</summary>
internal sealed record Finding
{
    public required PolicyKey Key { get; init; }

    /// <summary>Fail, Warn or Error.</summary>
    public required FindingResult Result { get; init; }
    public string Rule { get; init; } = "";
    public string Severity { get; init; } = "";
    public string Category { get; init; } = "";

    /// <summary>Of the object; empty when the result is about none.</summary>
    public string Kind { get; init; } = "";
    public string Name { get; init; } = "";
    public string Message { get; init; } = "";

    /// <summary>The order of lists: what is worst first. Two findings may have the same.</summary>
    public string Place => $"{ResultRank}{SeverityRank}/{Key.Policy}/{Key.Namespace}/{Kind}/{Name}/{Rule}/{Key.Source}";

    private int ResultRank => Result switch { FindingResult.Fail => 0, FindingResult.Error => 1, _ => 2 };

    private int SeverityRank => Severity switch { "critical" => 0, "high" => 1, "medium" => 2, "low" => 3, "info" => 4, _ => 5 };
}
