namespace Fleet.Kubernetes.Core;

/// <summary>metav1.LabelSelector.</summary>
public sealed class LabelSelector
{
    public Dictionary<string, string>? MatchLabels { get; set; }
    public List<LabelRequirement>? MatchExpressions { get; set; }
}

public sealed class LabelRequirement
{
    public string? Key { get; set; }

    /// <summary><c>In</c>, <c>NotIn</c>, <c>Exists</c> or <c>DoesNotExist</c>.</summary>
    public string? Operator { get; set; }
    public List<string>? Values { get; set; }
}
