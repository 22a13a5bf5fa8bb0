using System.ComponentModel;
using Fleet.Contracts.Conditions;
using Fleet.Contracts.Schema;

namespace Fleet.Contracts.Costs;

public sealed record CostCategoryStatus
{
    [Description("The month that the amounts are of, as 2026-11.")]
    public string? Period { get; set; }

    [Description("Currency of the amounts: the one that most is paid in.")]
    public string? Currency { get; set; }

    [Description("What everything costs in the month so far: workloads, idle, overhead and monthly sums.")]
    public decimal? Total { get; set; }

    [Description("What of it no rule gives to anybody.")]
    public decimal? Unallocated { get; set; }

    [Description("Percent of the total that is unallocated.")]
    public decimal? UnallocatedPercent { get; set; }

    [Description("What could not be divided, since nobody is there to bear it.")]
    public decimal? Undivided { get; set; }

    [Description("How many values have costs.")]
    public int? ValueCount { get; set; }

    [Atomic, Description("The dearest values, at most 50.")]
    public List<CostCategoryAmount>? Values { get; set; }

    [Description("What the rules find among the containers of the newest whole hour.")]
    public CostCategoryMatches? Matches { get; set; }

    [Description("When the figures were last another: a look that finds the same writes nothing.")]
    public DateTimeOffset? LastEvaluated { get; set; }

    [ListMap("type"), Description("What was found.")]
    public List<Condition>? Conditions { get; set; }

    [Description("The generation of the spec that this status is about.")]
    public long? ObservedGeneration { get; set; }
}

public sealed record CostCategoryAmount
{
    [Description("To whom it belongs.")]
    public string Value { get; set; } = "";

    [Description("What it costs, with its part of what is shared.")]
    public decimal Amount { get; set; }
}

public sealed record CostCategoryMatches
{
    [Description("Containers that a rule or a shared cost fits, or defaultValue.")]
    public int Matched { get; set; }

    [Description("Containers, and volumes and load balancers without one, that nothing fits.")]
    public int Unmatched { get; set; }

    [Atomic, Description("Containers that each rule fits, in the order of the rules. 0 is a rule that does nothing.")]
    public List<int>? Rules { get; set; }

    [Atomic, Description("Where most is unmatched, as CLUSTER/NAMESPACE, at most 10.")]
    public List<string>? UnmatchedIn { get; set; }
}
