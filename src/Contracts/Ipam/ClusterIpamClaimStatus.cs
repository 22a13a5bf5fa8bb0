using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Fleet.Contracts.Conditions;
using Fleet.Contracts.Schema;

namespace Fleet.Contracts.Ipam;

public sealed record ClusterIpamClaimStatus
{
    [Required, DefaultValue(false), Description("Whether the addresses are there.")]
    public bool Bound { get; set; }

    [ListMap("type"), Description("What was found.")]
    public List<Condition>? Conditions { get; set; }
}

/// <summary>Conditions of ClusterIPAMClaim, both bad when True and present only while they apply; the names are upstream's.</summary>
public static class ClusterIpamClaimConditions
{
    /// <summary>The claim itself is wrong: an address or a range that is none.</summary>
    public static ConditionType InvalidClaim { get; } = new("InvalidClaimCondition");

    /// <summary>Who hands out the addresses says that it can not.</summary>
    public static ConditionType ProviderError { get; } = new("IPAMProviderConditionError");
}
