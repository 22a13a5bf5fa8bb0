namespace Fleet.Cost.Allocations;

/// <summary>Into what sets of several steps are added up.</summary>
public enum AccumulateBy
{
    None,
    All,
    Hour,
    Day,
    Week,
    Month,
    Quarter,
}
