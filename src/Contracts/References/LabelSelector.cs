using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Fleet.Contracts.Schema;

namespace Fleet.Contracts.References;

/// <summary>Kubernetes' <c>metav1.LabelSelector</c>: all of its parts must hold. An empty one matches everything, unless a kind says otherwise.</summary>
[Atomic]
public sealed record LabelSelector
{
    [Description("Labels that must have these values.")]
    public Dictionary<string, string>? MatchLabels { get; set; }

    [Atomic, Description("Requirements that labels must meet.")]
    public List<LabelSelectorRequirement>? MatchExpressions { get; set; }
}

public sealed record LabelSelectorRequirement
{
    [Required, Description("The label.")]
    public string Key { get; set; } = "";

    [Required, Description("In, NotIn, Exists or DoesNotExist.")]
    public string Operator { get; set; } = "";

    [Atomic, Description("Values for In and NotIn.")]
    public List<string>? Values { get; set; }
}
