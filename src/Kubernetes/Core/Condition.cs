namespace Fleet.Kubernetes.Core;

/// <summary>A condition as all built-in kinds have it; each fills only some of the fields.</summary>
public sealed class Condition
{
    public string Type { get; set; } = "";

    /// <summary><c>True</c>, <c>False</c> or <c>Unknown</c>.</summary>
    public string Status { get; set; } = "";
    public string? Reason { get; set; }
    public string? Message { get; set; }
    public long? ObservedGeneration { get; set; }
    public DateTimeOffset? LastTransitionTime { get; set; }
    public DateTimeOffset? LastUpdateTime { get; set; }
}
