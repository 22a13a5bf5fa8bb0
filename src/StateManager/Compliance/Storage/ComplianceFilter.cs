namespace Fleet.StateManager.Compliance.Storage;

/// <summary>Which rows are asked for. Null is any.</summary>
internal sealed record ComplianceFilter
{
    /// <summary>Namespaces of clusters that the caller may see; null when all of them.</summary>
    public string[]? Among { get; init; }
    public string? Namespace { get; init; }
    public string? Cluster { get; init; }
    public string? Policy { get; init; }
    public string? TargetNamespace { get; init; }

    /// <summary>Rows, or findings, with one of these results.</summary>
    public string[] Results { get; init; } = [];
    public string? Severity { get; init; }
}
