using System.ComponentModel;
using Fleet.Contracts.Conditions;
using Fleet.Contracts.Schema;

namespace Fleet.Contracts.Releases;

public sealed record ReleaseStatus
{
    [Description("Whether all templates exist and can be used.")]
    public bool? Ready { get; set; }

    [ListMap("type"), Description("What was found.")]
    public List<Condition>? Conditions { get; set; }

    [Description("The generation of the spec that this status is about.")]
    public long? ObservedGeneration { get; set; }
}
