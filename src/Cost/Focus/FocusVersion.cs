namespace Fleet.Cost.Focus;

/// <summary>Which columns an export has.</summary>
public enum FocusVersion
{
    /// <summary>FOCUS 1.2.</summary>
    V12,

    /// <summary>FOCUS 1.2 with the columns of 1.3 that say how a charge was split.</summary>
    V12WithSplitCost,
}
