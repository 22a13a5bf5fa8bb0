using System.ComponentModel;
using Fleet.Contracts.Conditions;
using Fleet.Contracts.Schema;

namespace Fleet.Contracts.Compliance;

public sealed record ComplianceExceptionStatus
{
    [Description("Findings that it takes out of the report now; absent while that is not known.")]
    public int? MatchedFindings { get; set; }

    [Description("Clusters with such findings.")]
    public int? MatchedClusters { get; set; }

    [ListMap("type"), Description("What was found.")]
    public List<Condition>? Conditions { get; set; }

    [Description("The generation of the spec that this status is about.")]
    public long? ObservedGeneration { get; set; }
}

/// <summary>Conditions of ComplianceException.</summary>
public static class ComplianceExceptionConditions
{
    /// <summary>Good when True: it counts. False with <see cref="Expired"/> from its day on.</summary>
    public static ConditionType Active { get; } = new("Active");

    public static Reason Expired { get; } = new("Expired");

    public static Reason InForce { get; } = new("InForce");
}
